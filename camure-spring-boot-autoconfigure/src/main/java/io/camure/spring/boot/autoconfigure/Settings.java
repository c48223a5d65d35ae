package io.camure.spring.boot.autoconfigure;

import io.camure.spring.CamureConfigurationException;
import io.camure.spring.session.SessionDefinition;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Passes properties on to what camure takes, and has each refusal name the property. */
final class Settings {

    private static final String AUTO = "auto";

    private Settings() {}

    static <T> void set(String property, T value, Consumer<T> setter) {
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(property, value, e.getMessage());
        }
    }

    static void setBytes(String property, DataSize value, Consumer<Integer> setter) {
        set(property, value, size -> {
            if (size.toBytes() != (int) size.toBytes()) {
                throw new IllegalArgumentException("it is too large");
            }
            setter.accept((int) size.toBytes());
        });
    }

    /** @return {@code null} for {@code auto} */
    static @Nullable DataSize bytesUnlessAuto(String property, String value) {
        try {
            return value.strip().equalsIgnoreCase(AUTO) ? null : DataSize.parse(value);
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigurationPropertyValueException(
                    property, value, "it must be auto or a size such as 1472B");
        }
    }

    /** Leaves what is not set as it is for {@code auto}. */
    static void setBytesUnlessAuto(String property, String value, Consumer<Integer> setter) {
        DataSize size = bytesUnlessAuto(property, value);
        if (size != null) {
            setBytes(property, size, setter);
        }
    }

    /** As it is written in a configuration. */
    static String text(Duration value) {
        return DurationFormatterUtils.print(value, DurationFormat.Style.COMPOSITE);
    }

    static void requirePositive(String property, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new InvalidConfigurationPropertyValueException(property, value, "it must be more than zero");
        }
    }

    static String requireText(SessionDefinition definition, String property, @Nullable String value, String example) {
        if (StringUtils.hasText(value)) {
            return value;
        }
        String path = definition.prefix() + property;
        throw new CamureConfigurationException(
                definition.prefix() + "role is " + definition.role().name().toLowerCase(Locale.ROOT) + ", but " + path
                        + " is not set.",
                "Set " + path + ", for example to " + example + ".");
    }
}
