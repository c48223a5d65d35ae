package io.camure.spring.collective;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What the configuration says of the values of a collective.
 *
 * @param group its name
 * @param origin its property, for errors
 * @param payloadType what the values are, never primitive
 * @param reduce how they become one, if that is built in
 * @param reducer the bean that makes one of two, if there is one
 * @param maximumValueBytes how many bytes a node may give
 */
public record CollectiveSettings(
        String group,
        String origin,
        Class<?> payloadType,
        @Nullable Reduce reduce,
        @Nullable String reducer,
        int maximumValueBytes) {

    /** Takes a primitive type for the one that holds it. */
    public CollectiveSettings {
        payloadType = ClassUtils.resolvePrimitiveIfNecessary(payloadType);
    }
}
