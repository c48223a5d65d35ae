package io.camure.spring.boot.test.guide;

import io.camure.spring.CamureListener;
import io.camure.spring.CamureListener.OnFull;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("member")
class Subscriber {

    private final Path target;
    private volatile int lastFrame;

    Subscriber(@Value("${target}") Path target) {
        this.target = target;
    }

    /** Reads while the file arrives. */
    @CamureListener(group = "files")
    void onFile(InputStream content) throws IOException {
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A frame that is late is worth nothing: only the latest one waits, and the sender is not held back. */
    @CamureListener(group = "frames", onFull = OnFull.LATEST)
    void onFrame(Frame frame) {
        lastFrame = frame.number();
    }

    int lastFrame() {
        return lastFrame;
    }
}
