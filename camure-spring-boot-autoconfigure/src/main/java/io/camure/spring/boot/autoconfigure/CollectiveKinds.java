package io.camure.spring.boot.autoconfigure;

import io.camure.CollectiveConfig;
import io.camure.ValueCodec;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.collective.CollectiveBeans;
import io.camure.spring.collective.CollectiveKind;
import io.camure.spring.collective.CollectiveSettings;
import io.camure.spring.collective.Reduce;
import io.camure.spring.group.GroupType;
import io.camure.spring.kind.GroupKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Reads from the properties of a group what its values are, if it is a collective, and refuses them for any other. */
final class CollectiveKinds {

    private CollectiveKinds() {}

    /**
     * The kind of a group whose type is set.
     *
     * @param origin its property
     * @throws CamureConfigurationException when something is missing or does not fit together
     */
    static GroupKind of(
            String origin, String name, GroupType type, CamureProperties.Group group, CamureProperties.Collective all) {
        if (type != GroupType.COLLECTIVE) {
            refuse(origin, "reduce", group.reduce(), type.kind());
            refuse(origin, "reducer", group.reducer(), type.kind());
            refuse(origin, "maximum-value", group.maximumValue(), type.kind());
            return type.kind();
        }
        CollectiveSettings settings = settings(origin, name, group, all);
        if (settings.reduce() != null && !fits(settings, settings.reduce())) {
            throw unfit(settings, settings.reduce());
        }
        return CollectiveKind.of(settings);
    }

    private static void refuse(String origin, String setting, @Nullable Object value, GroupKind kind) {
        if (value != null) {
            throw new CamureConfigurationException(
                    origin + "." + setting + " is set, but " + origin + " is a " + kind.name()
                            + ", in which no values become one.",
                    "Remove it, or set " + origin + ".type to collective.");
        }
    }

    private static CollectiveSettings settings(
            String origin, String name, CamureProperties.Group group, CamureProperties.Collective all) {
        Class<?> payloadType = group.payloadType();
        if (payloadType == null) {
            throw new CamureConfigurationException(
                    origin + ".payload-type is not set, but " + origin
                            + " is a collective, in which each node gives a value of this type.",
                    "Set it to java.lang.Long, Integer, Double, Boolean or String, to byte[], or to a class of yours, whose values"
                            + " are written as JSON.");
        }
        String reducer = StringUtils.hasText(group.reducer()) ? group.reducer() : null;
        if (group.reduce() != null && reducer != null) {
            throw new CamureConfigurationException(
                    origin + ".reduce is " + text(group.reduce()) + ", but " + origin + ".reducer is " + reducer
                            + ": values become one in one way.",
                    "Remove one of them.");
        }
        DataSize own = group.maximumValue();
        int maximumValueBytes = own == null
                ? bytes("camure.collective.maximum-value", all.maximumValue())
                : bytes(origin + ".maximum-value", own);
        return new CollectiveSettings(name, origin, payloadType, group.reduce(), reducer, maximumValueBytes);
    }

    private static int bytes(String property, DataSize size) {
        Settings.setBytes(property, size, CollectiveConfig.builder(ValueCodec.bytes())::maximumValueBytes);
        return (int) size.toBytes();
    }

    private static boolean fits(CollectiveSettings settings, Reduce reduce) {
        try {
            CollectiveBeans.requireFit(new CollectiveSettings(
                    settings.group(),
                    settings.origin(),
                    settings.payloadType(),
                    reduce,
                    null,
                    settings.maximumValueBytes()));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static CamureConfigurationException unfit(CollectiveSettings settings, Reduce reduce) {
        List<String> fitting = Arrays.stream(Reduce.values())
                .filter(each -> fits(settings, each))
                .map(CollectiveKinds::text)
                .toList();
        String type = settings.payloadType().getSimpleName();
        return new CamureConfigurationException(
                settings.origin() + ".reduce is " + text(reduce) + ", but " + settings.origin() + ".payload-type is "
                        + settings.payloadType().getTypeName() + ", of which there is no " + text(reduce) + ".",
                (fitting.isEmpty() ? "Remove it" : "Set it to one of " + fitting) + ", or have " + settings.origin()
                        + ".reducer name a BinaryOperator<" + type + "> bean instead.");
    }

    private static String text(Reduce reduce) {
        return reduce.name().toLowerCase(Locale.ROOT);
    }
}
