package io.camure.spring.payload;

import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConversionException;

/**
 * What the messages of a group are, by what their headers call it. Only classes that the application has named are ever used, whatever
 * comes.
 *
 * @param origin the property, for errors
 * @param classes by type id
 */
public record MessageTypes(String origin, Map<String, Class<?>> classes) {

    /** Of a group without ids: what they say is not looked at. */
    public static final MessageTypes NONE = new MessageTypes("", Map.of());

    public MessageTypes {
        classes = Map.copyOf(classes);
    }

    /** What the class of an object is called, or the nearest of its superclasses that has an id; {@code null} if there is none. */
    public @Nullable String idOf(Object payload) {
        for (Class<?> type = payload.getClass(); type != null && !classes.isEmpty(); type = type.getSuperclass()) {
            for (Map.Entry<String, Class<?>> entry : classes.entrySet()) {
                if (entry.getValue() == type) {
                    return entry.getKey();
                }
            }
        }
        return null;
    }

    /**
     * What a message is by its header.
     *
     * @return {@code null} when nothing says it
     * @throws MessageConversionException when its id is none of the group's
     */
    public @Nullable Class<?> of(Message<?> message, String header) {
        if (classes.isEmpty() || !(message.getHeaders().get(header) instanceof String id)) {
            return null;
        }
        Class<?> type = classes.get(id);
        if (type == null) {
            throw new MessageConversionException(
                    message,
                    "the message is of the type '" + id + "', which is none of " + origin + ": "
                            + new TreeSet<>(classes.keySet())
                            + ". Add it there with its class, or have a condition pass over it");
        }
        return type;
    }
}
