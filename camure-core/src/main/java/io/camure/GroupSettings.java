package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.wire.NodeIdentity;
import io.camure.wire.WireText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the configurations of a group have in common at its coordinator and at its members. Immutable. */
abstract sealed class GroupSettings permits GroupConfig, MembershipConfig {

    private final Builder<?> settings;

    GroupSettings(Builder<?> settings) {
        this.settings = settings;
    }

    /** The group's id in its session: 0…65535. Empty for the first free one at a coordinator, and at a member that joins by name. */
    public OptionalInt id() {
        Integer id = settings.id;
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** What logs, errors and the other nodes call the group; empty unless told. */
    public String name() {
        return settings.name;
    }

    /** How long calls wait that say nothing else. */
    public Duration timeout() {
        return settings.timeout;
    }

    /** What has rounds show in traces; empty when nothing does. */
    public Optional<RoundTracing> roundTracing() {
        return Optional.ofNullable(settings.roundTracing);
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    abstract static sealed class Builder<B extends Builder<B>> implements Cloneable
            permits GroupConfig.Builder, MembershipConfig.Builder {

        private @Nullable Integer id;
        private String name = "";
        private Duration timeout = Duration.ofMinutes(1);
        private @Nullable RoundTracing roundTracing;

        Builder() {}

        abstract B self();

        /** A copy that no setter changes. */
        @SuppressWarnings("unchecked")
        B copy() {
            try {
                return (B) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        /** @param id 0…65535. Unless told, a coordinator takes the first free one, and a member joins by the name */
        public B id(int id) {
            this.id = Checks.range("group id", id, 0, 65535, "");
            return self();
        }

        /**
         * What logs and errors call the group. It is told to the other side, where it has to be the same if the group has a name
         * there, too.
         *
         * @param name what can be printed, without space around it, at most 64 bytes in UTF-8; none unless told
         */
        public B name(String name) {
            this.name = requireName(name);
            return self();
        }

        private static String requireName(String name) {
            Checks.given("group name", name);
            if (name.isEmpty() || !name.equals(WireText.printable(name.strip()))) {
                throw new IllegalArgumentException("group name is \"" + WireText.printable(name)
                        + "\": it must have characters that can be printed, and no space around them");
            }
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > NodeIdentity.NAME_BYTES) {
                throw new IllegalArgumentException("group name " + name + " has " + bytes
                        + " bytes in UTF-8: allowed are " + NodeIdentity.NAME_BYTES);
            }
            return name;
        }

        /**
         * How long {@code await} and {@code flush} wait, and {@code send} each time for room, where the call says nothing else; 1
         * minute unless told. So sending a large message may take longer as long as it goes on.
         */
        public B timeout(Duration timeout) {
            this.timeout = Checks.positive("timeout", timeout);
            return self();
        }

        /**
         * Has the group's rounds show in the traces of the application, at a node of which that is to be; a broadcast has none. Unless
         * told, nothing is asked, sent or kept for that.
         */
        public B roundTracing(RoundTracing tracing) {
            roundTracing = Checks.given("roundTracing", tracing);
            return self();
        }
    }
}
