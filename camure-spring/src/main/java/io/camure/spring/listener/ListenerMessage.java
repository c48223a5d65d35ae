package io.camure.spring.listener;

import io.camure.BroadcastReceiver;
import io.camure.spring.CamureHeaders;
import io.camure.spring.MessageTooLargeException;
import io.camure.spring.session.GroupBinding;
import java.io.IOException;
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

    /** With content of its own, which a listener may change. */
    ListenerMessage copy() {
        return message.getPayload() instanceof byte[] content
                ? new ListenerMessage(MessageBuilder.createMessage(content.clone(), message.getHeaders()), failure)
                : this;
    }

    /** Makes the messages of one group. For one thread. */
    static final class Factory {

        private final GroupBinding group;
        private final int maximumSize;

        /** @param maximumSize in bytes, of content that is read whole */
        Factory(GroupBinding group, int maximumSize) {
            this.group = group;
            this.maximumSize = maximumSize;
        }

        /** @param streaming whether its content is left to be read */
        ListenerMessage read(BroadcastReceiver receiver, io.camure.Message message, boolean streaming) {
            if (streaming) {
                return of(receiver, message, message, null);
            }
            try {
                return of(receiver, message, content(message), null);
            } catch (Throwable e) {
                return of(receiver, message, message, e);
            }
        }

        private byte[] content(io.camure.Message message) throws IOException {
            // What is left is skipped when the next message is asked for.
            byte[] content = message.inputStream().readNBytes(maximumSize + 1);
            if (content.length > maximumSize) {
                throw new MessageTooLargeException(
                        group + ": the message has more than " + maximumSize + " bytes. Raise "
                                + group.session().prefix() + "member.maximum-message-size, or take an InputStream",
                        maximumSize);
            }
            return content;
        }

        private ListenerMessage of(
                BroadcastReceiver receiver, io.camure.Message message, Object payload, @Nullable Throwable failure) {
            Map<String, Object> headers = new LinkedHashMap<>();
            ReceivedHeaders.put(message.headers(), headers);
            headers.put(CamureHeaders.GROUP, group.name());
            headers.put(CamureHeaders.SESSION, group.session().sessionName());
            group.session().member().ifPresent(member -> headers.put(CamureHeaders.COORDINATOR, member.coordinator()));
            headers.put(CamureHeaders.SEQUENCE, receiver.messagesReceived());
            return new ListenerMessage(MessageBuilder.createMessage(payload, new Headers(headers)), failure);
        }
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
