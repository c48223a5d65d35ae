package io.camure.spring.listener;

import io.camure.MessageHandler;
import org.springframework.messaging.Message;

/** What takes messages; its {@code toString()} is for logs and errors. */
interface ListenerMethod {

    /** Whether it reads the message itself, while it arrives. */
    boolean isStreaming();

    /**
     * @param message its payload is an {@link io.camure.Message} if this is streaming, otherwise {@code byte[]}
     * @return whether it was called, rather than passed over
     */
    boolean handle(Message<?> message) throws Exception;

    /** A handler without an annotation. */
    record Raw(String id, MessageHandler handler) implements ListenerMethod {

        @Override
        public boolean isStreaming() {
            return true;
        }

        @Override
        public boolean handle(Message<?> message) throws Exception {
            handler.onMessage((io.camure.Message) message.getPayload());
            return true;
        }

        @Override
        public String toString() {
            return "listener '" + id + "'";
        }
    }
}
