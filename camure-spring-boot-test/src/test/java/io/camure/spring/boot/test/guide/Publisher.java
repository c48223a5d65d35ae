package io.camure.spring.boot.test.guide;

import io.camure.BroadcastGroup;
import io.camure.spring.BroadcastSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

@Component
@Profile("coordinator")
class Publisher {

    private final BroadcastGroup files;
    private final BroadcastSender<Frame> frames;

    Publisher(@Qualifier("files") BroadcastGroup files, BroadcastSender<Frame> frames) {
        this.files = files;
        this.frames = frames;
    }

    /** Returns when all members have the file; it may be larger than memory. */
    void publish(Path file) throws IOException, InterruptedException {
        files.send(message -> Files.copy(file, message));
        files.flush(Duration.ofMinutes(1));
    }

    void publish(Frame frame) {
        frames.send(frame);
    }
}
