package io.camure.spring.listener;

import io.camure.Headers;
import io.camure.spring.CamureHeaders;
import java.util.Map;
import java.util.Set;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/** The headers of a message as a listener gets them: none that has a meaning within this application is taken from another one. */
final class ReceivedHeaders {

    private static final Set<String> OF_THIS_APPLICATION = Set.of(
            MessageHeaders.ID,
            MessageHeaders.TIMESTAMP,
            MessageHeaders.REPLY_CHANNEL,
            MessageHeaders.ERROR_CHANNEL,
            NativeMessageHeaderAccessor.NATIVE_HEADERS);

    private ReceivedHeaders() {}

    static void put(Headers received, Map<String, Object> target) {
        if (received.isEmpty()) {
            return;
        }
        received.toMap().forEach((name, value) -> {
            if (!OF_THIS_APPLICATION.contains(name) && !name.startsWith(CamureHeaders.PREFIX)) {
                target.put(name, value);
            }
        });
    }
}
