package io.camure.spring.listener;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A message, and what a listener's method is called with for it, which is made when it is first asked for. For one thread.
 *
 * <p>As a message it is what a condition sees: with what the method takes as its payload.
 */
final class ListenerCall implements Message<Object> {

    private final ListenerArguments arguments;
    private final Message<?> message;
    private @Nullable Object @Nullable [] values;
    private @Nullable Exception failure;
    private boolean made;

    ListenerCall(ListenerArguments arguments, Message<?> message) {
        this.arguments = arguments;
        this.message = message;
    }

    /** @return {@code null} when the method is not for what is in the message */
    @Nullable
    Object @Nullable [] values() throws Exception {
        if (!made) {
            made = true;
            try {
                values = arguments.of(message);
            } catch (Exception e) {
                failure = e;
            }
        }
        Exception why = failure;
        if (why != null) {
            throw why;
        }
        return values;
    }

    /** The same for whoever can't throw what went wrong, which {@link #values} throws again. */
    @Nullable
    Object @Nullable [] valuesUnchecked() {
        try {
            return values();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether values were asked for and the method turned out not to be for the message, or they could not be made. */
    boolean isWithoutValues() {
        return made && values == null;
    }

    Message<?> message() {
        return message;
    }

    @Override
    public Object getPayload() {
        @Nullable Object[] taken = valuesUnchecked();
        return taken == null
                ? message.getPayload()
                : arguments.asTaken(message, taken).getPayload();
    }

    @Override
    public MessageHeaders getHeaders() {
        return message.getHeaders();
    }
}
