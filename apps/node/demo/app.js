// The demo chat: log in, talk to one person or group. Everything that comes
// from others is shown as text, never as HTML.
import WKSDK from "wukongimjssdk";
import { Channel, MessageText } from "wukongimjssdk/lib/model";
import { ConnectStatus } from "wukongimjssdk/lib/connect_manager";

const messagesShown = 500;
const reasons = {
  2: "the token is wrong",
  3: "you are no subscriber",
  4: "you are on the deny list",
  12: "logged in elsewhere",
  13: "you are not on the allow list",
  15: "the node could not do it",
  19: "banned",
  22: "too fast, try again",
  24: "the group is disbanded",
  25: "you may not send",
};

const by = (id) => document.getElementById(id);
const sdk = WKSDK.shared();
const waiting = new Map(); // clientSeq -> the line that waits for its answer

const reasonText = (code) => reasons[code] ?? `reason ${code}`;

function setStatus(state, text) {
  by("status").dataset.state = state;
  by("status").textContent = text;
  by("text").disabled = by("send").disabled = state !== "on";
  by("connect").textContent = state === "off" || state === "failed"
    ? "Connect" : "Disconnect";
}

function addLine(kind, from, text) {
  const line = document.createElement("li");
  line.className = kind;
  line.append(text);
  const small = document.createElement("small");
  small.textContent = from;
  line.append(small);
  const list = by("messages");
  list.append(line);
  while (list.children.length > messagesShown) list.firstChild.remove();
  list.scrollTop = list.scrollHeight;
  return small;
}

function textOf(message) {
  const content = message.content;
  return content?.text ?? content?.conversationDigest ?? "[no text]";
}

function isHere(channel) {
  return channel.channelID === by("peer").value.trim()
    && channel.channelType === Number(by("kind").value);
}

// The SDK also tells of what it sends itself: that has no place yet.
function onMessage(message) {
  const place = isHere(message.channel) ? "" : ` in ${message.channel.channelID}`;
  const mine = message.fromUID === sdk.config.uid;
  const outgoing = mine && message.clientSeq > 0 && !message.messageSeq;
  const from = outgoing ? "sending" : (message.fromUID || "system") + place;
  const small = addLine(mine ? "mine" : "theirs", from, textOf(message));
  if (outgoing) waiting.set(message.clientSeq, small);
}

function onSendack(ack) {
  const small = waiting.get(ack.clientSeq);
  waiting.delete(ack.clientSeq);
  if (small)
    small.textContent = ack.reasonCode === 1
      ? `sent, number ${ack.messageSeq}` : `not sent: ${reasonText(ack.reasonCode)}`;
}

function onStatus(status, code) {
  if (status === ConnectStatus.Connected) setStatus("on", "online");
  else if (status === ConnectStatus.ConnectFail)
    setStatus("failed", `refused: ${reasonText(code)}`);
  else if (status === ConnectStatus.ConnectKick)
    setStatus("failed", `ended: ${reasonText(code)}`);
  else if (sdk.connectManager.needReconnect) setStatus("wait", "connecting");
  else if (by("status").dataset.state !== "failed") setStatus("off", "offline");
}

async function address() {
  const given = new URLSearchParams(location.search).get("ws");
  if (given) return given;
  const route = await (await fetch("/route")).json();
  return route.wss_addr && location.protocol === "https:"
    ? route.wss_addr : route.ws_addr;
}

async function connect() {
  setStatus("wait", "connecting");
  try {
    sdk.config.addr = await address();
  } catch {
    return setStatus("failed", "the node does not answer");
  }
  sdk.config.uid = by("uid").value.trim();
  sdk.config.token = by("token").value;
  sdk.connect();
}

function send() {
  const text = by("text").value;
  if (!text.trim()) return;
  by("text").value = "";
  const channel = new Channel(by("peer").value.trim(), Number(by("kind").value));
  sdk.chatManager.send(new MessageText(text), channel);
}

function start() {
  const query = new URLSearchParams(location.search);
  for (const name of ["uid", "peer", "kind"])
    if (query.get(name)) by(name).value = query.get(name);
  by("howto").textContent =
    `curl -H "token: MANAGER_TOKEN" ${location.origin}/user/token \\\n`
    + `  -d '{"uid":"alice","token":"secret","device_flag":1}'`;
  by("login").addEventListener("submit", (event) => {
    event.preventDefault();
    const state = by("status").dataset.state;
    if (state === "off" || state === "failed") return connect();
    sdk.disconnect();
    setStatus("off", "offline");
  });
  by("compose").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  sdk.connectManager.addConnectStatusListener(onStatus);
  sdk.chatManager.addMessageListener(onMessage);
  sdk.chatManager.addMessageStatusListener(onSendack);
}

start();
