package io.camure.spring;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Delivery;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.SmartMessageConverter;

/**
 * Sends objects to broadcast groups, at their coordinator. They become messages in the same way in which a
 * {@link CamureListener} gets them back: bytes and text as they are, anything else by the message converters of the application,
 * or else as JSON. Thread-safe.
 */
public final class CamureTemplate {

    /** What Spring gives each message, and what chooses a converter. */
    private static final Set<String> NOT_CARRIED =
            Set.of(MessageHeaders.ID, MessageHeaders.TIMESTAMP, MessageHeaders.CONTENT_TYPE);

    private final CamureGroups groups;
    private final MessageConverter converter;
    private final BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch;

    /**
     * @param converter gives messages whose payload is {@code byte[]} or {@link String}
     * @param watch gives the future that the sender gets for the one of a delivery, and may tell of failures that nobody asks for
     */
    public CamureTemplate(
            CamureGroups groups,
            MessageConverter converter,
            BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch) {
        this.groups = groups;
        this.converter = converter;
        this.watch = watch;
    }

    /**
     * Sends a message, and waits only while there is no room for it.
     *
     * @return completes when all members of the group have received the message, whether or not their applications have
     *     handled it, and says which those are: nobody when nobody is in the group. Fails with a {@link CamureException} when it could
     *     not be sent, or not delivered within the group's timeout, and with an {@link InterruptedException} when the caller was
     *     interrupted, which it then still is. Fails with {@link NotCoordinatorException} where the coordinator is elected and
     *     is another node. A failure whose future nobody has asked
     *     for within a second is logged, for each group at most once a minute
     * @param payload an object, or a {@link Message} of Spring: then its payload is sent. Messages carry no headers yet, so that it
     *     must not have any but those that say what it is, its {@linkplain MessageHeaders#CONTENT_TYPE content type}, which may
     *     choose a converter, and those of {@link CamureHeaders}
     * @throws IllegalArgumentException when the payload is {@code null}, or a message with headers that can't be carried
     * @throws UnknownGroupException when there is no such group
     * @throws GroupMismatchException when it is not a broadcast, or this node is not its coordinator
     * @throws MessageConversionException when no converter makes a message of the payload, or it only wraps what is meant, as an
     *     {@link java.util.Optional} or a future does
     */
    public CompletableFuture<Delivery> send(String group, Object payload) {
        return send(groups.broadcastGroup(group), group, payload, null);
    }

    /**
     * Sends a message as {@link #send(String, Object)} does, as what a listener will declare: JSON of a {@code Box<Shape>} says
     * which shape there is only if it is known that it is one, which the class of the object does not say.
     */
    public <T> CompletableFuture<Delivery> send(String group, T payload, ParameterizedTypeReference<T> payloadType) {
        return send(groups.broadcastGroup(group), group, payload, ResolvableType.forType(payloadType));
    }

    /**
     * Makes a sender for one group.
     *
     * @throws UnknownGroupException when there is no such group
     * @throws GroupMismatchException when it is not a broadcast, or this node is not its coordinator
     */
    public <T> BroadcastSender<T> sender(String group, Class<T> payloadType) {
        BroadcastGroup broadcast = groups.broadcastGroup(group);
        return payload -> send(broadcast, group, payloadType.cast(payload), null);
    }

    /** Makes a sender for one group, of what only a generic type says. */
    public <T> BroadcastSender<T> sender(String group, ParameterizedTypeReference<T> payloadType) {
        BroadcastGroup broadcast = groups.broadcastGroup(group);
        ResolvableType type = ResolvableType.forType(payloadType);
        return payload -> send(broadcast, group, payload, type);
    }

    private CompletableFuture<Delivery> send(
            BroadcastGroup broadcast, String group, Object payload, @Nullable ResolvableType type) {
        byte[] content = payload instanceof Message<?> message
                ? content(group, message.getPayload(), requireCarried(group, message.getHeaders()), type)
                : content(group, payload, null, type);
        return watch.apply(broadcast, delivery(broadcast, content));
    }

    private CompletableFuture<Delivery> delivery(BroadcastGroup broadcast, byte[] content) {
        try {
            return broadcast.sendAsync(content);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        } catch (CamureException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static MessageHeaders requireCarried(String group, MessageHeaders headers) {
        Set<String> lost = new TreeSet<>(headers.keySet());
        lost.removeIf(name -> NOT_CARRIED.contains(name) || name.startsWith(CamureHeaders.PREFIX));
        if (!lost.isEmpty()) {
            throw new IllegalArgumentException(
                    "the message for group '" + group + "' has the headers " + lost
                            + ", which can't be carried: messages have no headers yet. Send its payload, and what they say in that");
        }
        return headers;
    }

    private byte[] content(
            String group, @Nullable Object payload, @Nullable MessageHeaders headers, @Nullable ResolvableType type) {
        if (payload == null) {
            throw new IllegalArgumentException("the message for group '" + group
                    + "' is null, which can't be sent: send an object that stands for nothing, or an empty byte[]");
        }
        Message<?> message = converter instanceof SmartMessageConverter smart
                ? smart.toMessage(payload, headers, type)
                : converter.toMessage(payload, headers);
        Object content = message == null ? null : message.getPayload();
        if (content instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        } else if (content instanceof byte[] bytes) {
            return bytes;
        }
        throw new MessageConversionException(
                "no converter makes a message of " + payload.getClass().getName());
    }
}
