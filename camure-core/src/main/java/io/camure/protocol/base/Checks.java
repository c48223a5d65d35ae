package io.camure.protocol.base;

import io.camure.wire.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Refuses settings, naming the setting, the value and what is allowed. */
public final class Checks {

    public static final Duration LONGEST = Duration.ofDays(365);

    private Checks() {}

    /** The annotations say that nothing is null here; callers that are not checked may pass it nevertheless. */
    public static <T> T given(String setting, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(setting + " must not be null");
        }
        return value;
    }

    /** A name that nodes compare: printable as it is, and of so many bytes at most, so that it travels unchanged. */
    public static String name(String setting, String value, int maximumBytes) {
        given(setting, value);
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > maximumBytes) {
            throw new IllegalArgumentException(
                    setting + " has " + bytes + " bytes in UTF-8: allowed are 1…" + maximumBytes);
        }
        if (!WireText.printable(value).strip().equals(value)) {
            throw new IllegalArgumentException(setting + " is \"" + WireText.printable(value)
                    + "\": it must have no space around it, and no control or format characters");
        }
        return value;
    }

    public static int range(String setting, int value, int minimum, int maximum, String unit) {
        if (value < minimum || value > maximum) {
            throw new IllegalArgumentException(setting + " is " + value + ": allowed are " + minimum + "…" + maximum
                    + (unit.isEmpty() ? "" : " ") + unit);
        }
        return value;
    }

    public static Duration positive(String setting, Duration value) {
        given(setting, value);
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(setting + " is " + Format.setting(value)
                    + ": it must be more than zero and at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    public static Duration range(String setting, Duration value, Duration minimum, Duration maximum) {
        given(setting, value);
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw new IllegalArgumentException(setting + " is " + Format.setting(value) + ": it must be at least "
                    + Format.setting(minimum) + " and at most " + Format.setting(maximum));
        }
        return value;
    }

    /** A time to wait: zero or less is no wait at all, and more than a year is a year. */
    public static long waitNanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        return timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }
}
