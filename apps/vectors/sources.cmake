set(sources check_crypto.cpp check_frames.cpp check_quirks.cpp check_texts.cpp
            frame_fields.cpp json_fields.cpp main.cpp vector_check.cpp)
