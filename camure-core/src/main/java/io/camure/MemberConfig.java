package io.camure;

import io.camure.transport.PortProvider;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a member takes part in a session. Immutable; {@link #defaults()} is right for services in one local network. */
public final class MemberConfig {

    private static final MemberConfig DEFAULTS = builder().build();

    private final Builder settings;

    private MemberConfig(Builder settings) {
        this.settings = settings;
    }

    public static MemberConfig defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** See {@link Builder#name}. */
    public String name() {
        return settings.name;
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

    /** See {@link Builder#rejoin}. */
    public Rejoin rejoin() {
        return settings.rejoin;
    }

    /** See {@link Builder#networkInterface}. */
    public Optional<String> networkInterface() {
        return Optional.ofNullable(settings.networkInterface);
    }

    /** See {@link Builder#receiveWindow}. */
    public int receiveWindow() {
        return settings.receiveWindow;
    }

    /** See {@link Builder#sendBuffer}. */
    public int sendBuffer() {
        return settings.sendBuffer;
    }

    /** See {@link Builder#receiveBuffer}. */
    public int receiveBuffer() {
        return settings.receiveBuffer;
    }

    /** See {@link Builder#transport}. */
    public Transport transport() {
        return settings.transport;
    }

    /** See {@link Builder#network}. */
    Optional<PortProvider> network() {
        return Optional.ofNullable(settings.network);
    }

    /** See {@link Builder#idleStrategy}. */
    public IdleStrategy idleStrategy() {
        return settings.idleStrategy;
    }

    /** Collects settings; each setter refuses what is out of range with an {@link IllegalArgumentException}. */
    public static final class Builder implements Cloneable {

        private String name = "member";
        private Duration joinTimeout = Duration.ofSeconds(10);
        private Duration coordinatorTimeout = Duration.ofSeconds(5);
        private Duration messageTimeout = Duration.ofSeconds(30);
        private Rejoin rejoin = Rejoin.never();
        private @Nullable String networkInterface;
        private int receiveWindow = 1024;
        private int sendBuffer;
        private int receiveBuffer = 1 << 20;

        private Transport transport = Transport.AUTO;
        private @Nullable PortProvider network;
        private IdleStrategy idleStrategy = IdleStrategy.ADAPTIVE;

        private Builder() {}

        /** What threads, logs and errors call this node. */
        public Builder name(String name) {
            this.name = name;
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

        /** Whether and how to join again what was lost; {@link Rejoin#never} unless told. */
        public Builder rejoin(Rejoin rejoin) {
            if (rejoin == null) {
                throw new IllegalArgumentException("rejoin is null: allowed are Rejoin.never() and Rejoin.backOff(…)");
            }
            this.rejoin = rejoin;
            return this;
        }

        /**
         * Where group traffic arrives: the name of a network interface, an address that it has, or a network that such an
         * address is in ({@code 10.0.0.0/24}). Unless told, the interface by which the coordinator is reached.
         */
        public Builder networkInterface(String nameOrAddressOrNetwork) {
            networkInterface = nameOrAddressOrNetwork;
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

        /** What to ask the kernel for as send buffer, in bytes; 0, the default, leaves it. */
        public Builder sendBuffer(int bytes) {
            sendBuffer = Checks.range("sendBuffer", bytes, 0, 1 << 30, "bytes");
            return this;
        }

        /** By what datagrams are sent and received; {@link Transport#AUTO} unless told. */
        public Builder transport(Transport transport) {
            this.transport = transport;
            return this;
        }

        /**
         * Attaches the node to another network than this machine's, such as one in memory for tests. What
         * {@link #transport} says means nothing then.
         */
        public Builder network(PortProvider network) {
            this.network = network;
            return this;
        }

        /** How threads that wait for the network do so; {@link IdleStrategy#ADAPTIVE} unless told. */
        public Builder idleStrategy(IdleStrategy strategy) {
            idleStrategy = strategy;
            return this;
        }

        /** What to ask the kernel for as receive buffer, in bytes; 1 MiB unless told, 0 leaves it. It may give less. */
        public Builder receiveBuffer(int bytes) {
            receiveBuffer = Checks.range("receiveBuffer", bytes, 0, 1 << 30, "bytes");
            return this;
        }

        public MemberConfig build() {
            return new MemberConfig(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
