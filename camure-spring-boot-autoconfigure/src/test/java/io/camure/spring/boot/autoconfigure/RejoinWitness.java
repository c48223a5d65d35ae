package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureEvent;
import io.camure.spring.CamureHeaders;
import io.camure.spring.CamureListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;

/** What the application of a member is told, and what its listener receives. */
class RejoinWitness {

    final List<CamureEvent> events = new CopyOnWriteArrayList<>();
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<Long> sequence = new CopyOnWriteArrayList<>();

    @EventListener
    void on(CamureEvent event) {
        events.add(event);
    }

    static class Listening extends RejoinWitness {
        @CamureListener(group = "files")
        void onFile(String file, @Header(CamureHeaders.SEQUENCE) long number) {
            received.add(file);
            sequence.add(number);
        }
    }

    /** One that is soon back in, and that listens. */
    static ApplicationContextRunner member(int port) {
        return TestSession.member(port)
                .withUserConfiguration(Listening.class)
                .withPropertyValues(
                        "camure.member.coordinator-timeout=4s",
                        "camure.member.rejoin.initial-interval=20ms",
                        "camure.member.startup=background");
    }
}
