// What the tests use of the SDK; bundled once by esbuild.
export { default as WKSDK } from 'wukongimjssdk';
export * from 'wukongimjssdk/lib/model';
export { ConnectStatus } from 'wukongimjssdk/lib/connect_manager';
