package io.camure.spring.boot.autoconfigure;

import io.camure.Message;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

/** A method that takes messages. */
final class ListenerMethod {

    private final String name;
    private final InvocableHandlerMethod method;
    private final boolean streaming;

    /**
     * @param name for logs and errors
     * @param streaming whether it reads the message itself, while it arrives
     */
    ListenerMethod(String name, InvocableHandlerMethod method, boolean streaming) {
        this.name = name;
        this.method = method;
        this.streaming = streaming;
    }

    void invoke(Message message) throws Exception {
        method.invoke(new GenericMessage<>(streaming ? message : message.bytes()));
    }

    @Override
    public String toString() {
        return name;
    }
}
