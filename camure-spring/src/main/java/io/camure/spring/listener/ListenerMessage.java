package io.camure.spring.listener;

import io.camure.BroadcastReceiver;
import io.camure.spring.CamureHeaders;
import io.camure.spring.session.GroupBinding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * A message for a listener.
 *
 * @param failure why its content could not be read, if it could not
 */
record ListenerMessage(Message<?> message, @Nullable Throwable failure) {

    static ListenerMessage of(
            GroupBinding group, BroadcastReceiver receiver, Object payload, @Nullable Throwable failure) {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put(CamureHeaders.GROUP, group.name());
        headers.put(CamureHeaders.SESSION, group.session().sessionName());
        group.session()
                .member()
                .ifPresent(member -> headers.put(CamureHeaders.COORDINATOR, member.coordinatorAddress()));
        headers.put(CamureHeaders.SEQUENCE, receiver.messagesReceived());
        return new ListenerMessage(MessageBuilder.createMessage(payload, new Headers(headers)), failure);
    }

    /** Without the id and the time that Spring would make up for each message. */
    private static final class Headers extends MessageHeaders {

        private static final long serialVersionUID = 1L;
        private static final UUID NO_ID = ID_VALUE_NONE;

        Headers(Map<String, Object> headers) {
            super(headers, NO_ID, -1L);
        }
    }
}
