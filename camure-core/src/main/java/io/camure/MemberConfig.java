package io.camure;

import io.camure.protocol.base.Checks;
import java.time.Duration;

/** How a member takes part in a session. Immutable; {@link #defaults()} is right for services in one local network. */
public final class MemberConfig extends NodeConfig {

    private static final MemberConfig DEFAULTS = builder().build();

    private final Builder settings;

    private MemberConfig(Builder settings) {
        super(settings);
        this.settings = settings;
    }

    public static MemberConfig defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these settings; they themselves stay as they are. */
    public Builder toBuilder() {
        return settings.copy();
    }

    /** See {@link Builder#joinTimeout}. */
    public Duration joinTimeout() {
        return settings.joinTimeout;
    }

    /** See {@link Builder#coordinatorTimeout}. */
    public Duration coordinatorTimeout() {
        return settings.coordinatorTimeout;
    }

    /** See {@link Builder#messageTimeout}. */
    public Duration messageTimeout() {
        return settings.messageTimeout;
    }

    /** See {@link Builder#maximumMessageSize}. */
    public int maximumMessageSize() {
        return settings.maximumMessageSize;
    }

    /** See {@link Builder#rejoin}. */
    public Rejoin rejoin() {
        return settings.rejoin;
    }

    /** See {@link Builder#receiveWindow}. */
    public int receiveWindow() {
        return settings.receiveWindow;
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder extends NodeConfig.Builder<Builder> {

        private Duration joinTimeout = Duration.ofSeconds(10);
        private Duration coordinatorTimeout = Duration.ofSeconds(5);
        private Duration messageTimeout = Duration.ofSeconds(30);
        private int maximumMessageSize = 16 << 20;
        private Rejoin rejoin = Rejoin.never();
        private int receiveWindow = 1024;

        private Builder() {
            super("member", 0);
        }

        @Override
        Builder self() {
            return this;
        }

        /** How long to try to join a session or a group where the call says nothing else; 10 s unless told. */
        public Builder joinTimeout(Duration timeout) {
            joinTimeout = Checks.positive("joinTimeout", timeout);
            return this;
        }

        /** How long the coordinator may be silent before the session is taken for lost; 5 s unless told. */
        public Builder coordinatorTimeout(Duration timeout) {
            coordinatorTimeout = Checks.positive("coordinatorTimeout", timeout);
            return this;
        }

        /** How long reading a message waits for its next part; 30 s unless told. */
        public Builder messageTimeout(Duration timeout) {
            messageTimeout = Checks.positive("messageTimeout", timeout);
            return this;
        }

        /**
         * The longest message that {@link Message#bytes} takes: 1…2147483639 bytes; 16 MiB unless told. So a message without an
         * end fills no memory. {@link Message#inputStream} has no limit.
         */
        public Builder maximumMessageSize(int bytes) {
            maximumMessageSize = Checks.range("maximumMessageSize", bytes, 1, Integer.MAX_VALUE - 8, "bytes");
            return this;
        }

        /** Whether and how to join again what was lost; {@link Rejoin#never} unless told. */
        public Builder rejoin(Rejoin rejoin) {
            this.rejoin = Checks.given("rejoin", rejoin);
            return this;
        }

        /**
         * How many chunks of a broadcast are kept for a reader that is slower than the sender: 128…32768; 1024 unless told.
         * The sender is held back from half of it on. Takes up to this many times the chunk size of memory for each group.
         */
        public Builder receiveWindow(int chunks) {
            receiveWindow = Checks.range("receiveWindow", chunks, 128, 32768, "chunks");
            return this;
        }

        public MemberConfig build() {
            return new MemberConfig(copy());
        }
    }
}
