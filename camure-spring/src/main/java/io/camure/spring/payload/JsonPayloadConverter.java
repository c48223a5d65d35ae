package io.camure.spring.payload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * Content as JSON, with the type ids that the receiver needs: the class of a list does not say what its elements are, so that
 * Jackson would leave their ids out.
 */
public final class JsonPayloadConverter extends JacksonJsonMessageConverter {

    private final JsonMapper mapper;

    public JsonPayloadConverter(JsonMapper mapper) {
        super(mapper);
        this.mapper = mapper;
    }

    @Override
    protected @Nullable Object convertFromInternal(
            Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
        // Bytes are an Object, too, but not the one that was sent.
        if (!targetClass.isInstance(message.getPayload())) {
            return super.convertFromInternal(message, targetClass, conversionHint);
        }
        try {
            return mapper.readValue((byte[]) message.getPayload(), targetClass);
        } catch (JacksonException e) {
            throw new MessageConversionException(message, "Could not read JSON: " + e.getMessage(), e);
        }
    }

    @Override
    protected @Nullable Object convertToInternal(
            Object payload, @Nullable MessageHeaders headers, @Nullable Object conversionHint) {
        if (!(conversionHint instanceof ResolvableType type)) {
            return super.convertToInternal(typed(payload), headers, conversionHint);
        }
        try {
            return mapper.writerFor(mapper.constructType(type.getType())).writeValueAsBytes(payload);
        } catch (JacksonException e) {
            throw new MessageConversionException("Could not write JSON: " + e.getMessage(), e);
        }
    }

    /** Containers of Java only: others may have serializers of their own. */
    private static Object typed(Object value) {
        if (value instanceof Object[] elements) {
            return value.getClass() == Object[].class ? elements(Arrays.asList(elements)) : value;
        } else if (!value.getClass().getName().startsWith("java.util.")) {
            return value;
        } else if (value instanceof Collection<?> elements) {
            return elements(elements);
        } else if (value instanceof Map<?, ?> entries) {
            Map<Object, @Nullable Object> typed = new LinkedHashMap<>();
            entries.forEach((key, element) -> typed.put(key, element(element)));
            return typed;
        }
        return value;
    }

    private static Object elements(Collection<?> elements) {
        List<@Nullable Object> typed = new ArrayList<>(elements.size());
        elements.forEach(element -> typed.add(element(element)));
        return typed;
    }

    private static @Nullable Object element(@Nullable Object value) {
        return value == null ? null : new Element(typed(value));
    }

    /** Is written as it would be alone. */
    private record Element(Object value) implements JacksonSerializable {

        @Override
        public void serialize(JsonGenerator generator, SerializationContext context) {
            context.writeValue(generator, value);
        }

        @Override
        public void serializeWithType(JsonGenerator generator, SerializationContext context, TypeSerializer type) {
            serialize(generator, context);
        }
    }
}
