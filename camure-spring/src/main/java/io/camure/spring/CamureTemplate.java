package io.camure.spring;

import io.camure.BroadcastGroup;
import io.camure.CamureException;
import io.camure.Delivery;
import io.camure.Headers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

    private final CamureGroups groups;
    private final MessageConverter converter;
    private final BiFunction<String, Object, @Nullable String> typeIds;
    private final BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch;
    private final BiFunction<String, byte[], CompletableFuture<FlipResult>> flips;

    /** One that gives messages no type ids; see the next one. */
    public CamureTemplate(
            CamureGroups groups,
            MessageConverter converter,
            BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch) {
        this(groups, converter, (group, payload) -> null, watch);
    }

    /**
     * @param converter gives messages whose payload is {@code byte[]} or {@link String}; the content type in their headers is sent
     * @param typeIds what a group calls the type of a payload, or {@code null}
     * @param watch gives the future that the sender gets for the one of a delivery, and may tell of failures that nobody asks for
     */
    public CamureTemplate(
            CamureGroups groups,
            MessageConverter converter,
            BiFunction<String, Object, @Nullable String> typeIds,
            BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch) {
        this(groups, converter, typeIds, watch, (group, value) -> {
            throw new GroupMismatchException("group '" + group + "' flips nothing here");
        });
    }

    /**
     * As the former, and flips.
     *
     * @param flips has the nodes of a group activate a value together
     */
    public CamureTemplate(
            CamureGroups groups,
            MessageConverter converter,
            BiFunction<String, Object, @Nullable String> typeIds,
            BiFunction<BroadcastGroup, CompletableFuture<Delivery>, CompletableFuture<Delivery>> watch,
            BiFunction<String, byte[], CompletableFuture<FlipResult>> flips) {
        this.groups = groups;
        this.converter = converter;
        this.typeIds = typeIds;
        this.watch = watch;
        this.flips = flips;
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
     * @param payload an object, or a {@link Message} of Spring, which is sent as {@link #send(String, Message)} does
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
     * Sends a message with headers as {@link #send(String, Object)} does. The names of {@link Headers} are those of the standard ones, as
     * {@link Headers#TYPE} and {@link Headers#KEY}; all others have their own. The {@linkplain MessageHeaders#CONTENT_TYPE content type} may choose a
     * converter, and is that of the converter otherwise. Text, numbers, truth values, times, UUIDs, constants and the like
     * arrive as text, {@code byte[]} as it is, {@link Headers#SENT} and {@link Headers#EXPIRY} as an {@link java.time.Instant}, for
     * which a {@link java.util.Date} and a {@link Long}, milliseconds since 1970, may be given as well. Spring's {@code id} and
     * {@code timestamp} are not sent, nor those of {@link CamureHeaders}.
     *
     * @throws IllegalArgumentException when a header can't be carried, or all are longer than {@value Headers#MAXIMUM_BYTES} bytes
     */
    public CompletableFuture<Delivery> send(String group, Message<?> message) {
        return send(groups.broadcastGroup(group), group, message, null);
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

    /**
     * Has the beans with {@link CamureFlip} of all nodes in a group prepare a value, and activate it together if none refuses. Waits until that is done: then no two nodes
     * of the group have different values active. A second flip of the group waits for the first. Each round waits for all nodes, for at most the group's
     * timeout, and needs at least one member.
     *
     * @param value becomes bytes as the payload of a message does; not {@code null}, and at most as long as the values of the group, less 42 bytes
     * @throws InterruptedException when the caller is interrupted; the flip goes on
     * @throws CamureException when it has failed: {@link NotCoordinatorException} where the coordinator is elected and is another node; a {@link
     *     io.camure.RoundBrokenException} if a round was broken, whereupon all nodes have discarded the value unless they had all decided to activate it;
     *     a {@link io.camure.RoundTimeoutException}, or a {@link io.camure.DisconnectedException} when this node is out of the group, if what becomes of it
     *     is not known
     * @throws IllegalArgumentException when the value is too long
     * @throws UnknownGroupException when there is no such group
     * @throws GroupMismatchException when no bean has {@link CamureFlip} for it, or this node is a member of a session whose coordinator is configured
     * @throws MessageConversionException as {@link #send(String, Object)} does
     */
    public FlipResult flip(String group, Object value) throws InterruptedException {
        try {
            return flipAsync(group, value).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new CamureException("group '" + group + "': the flip has failed", e.getCause());
        }
    }

    /** As {@link #flip}, without waiting: what that throws fails the future, but for the last three. */
    public CompletableFuture<FlipResult> flipAsync(String group, Object value) {
        return flips.apply(group, bytes(value, converted(value, null, null)));
    }

    private CompletableFuture<Delivery> send(
            BroadcastGroup broadcast, String group, @Nullable Object payload, @Nullable ResolvableType type) {
        MessageHeaders given = payload instanceof Message<?> message ? message.getHeaders() : null;
        Object content = payload instanceof Message<?> message ? message.getPayload() : payload;
        if (content == null) {
            throw new IllegalArgumentException("the message for group '" + group
                    + "' is null, which can't be sent: send an object that stands for nothing, or an empty byte[]");
        }
        Message<?> converted = converted(content, given, type);
        Headers headers = SentHeaders.of(group, given, converted.getHeaders(), typeIds.apply(group, content));
        return watch.apply(broadcast, delivery(broadcast, bytes(content, converted), headers));
    }

    private CompletableFuture<Delivery> delivery(BroadcastGroup broadcast, byte[] content, Headers headers) {
        try {
            return broadcast.sendAsync(content, headers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        } catch (CamureException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Message<?> converted(Object payload, @Nullable MessageHeaders headers, @Nullable ResolvableType type) {
        Message<?> message = converter instanceof SmartMessageConverter smart
                ? smart.toMessage(payload, headers, type)
                : converter.toMessage(payload, headers);
        if (message == null) {
            throw notConverted(payload);
        }
        return message;
    }

    private static byte[] bytes(Object payload, Message<?> converted) {
        Object content = converted.getPayload();
        if (content instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        } else if (content instanceof byte[] bytes) {
            return bytes;
        }
        throw notConverted(payload);
    }

    private static MessageConversionException notConverted(Object payload) {
        return new MessageConversionException(
                "no converter makes a message of " + payload.getClass().getName());
    }
}
