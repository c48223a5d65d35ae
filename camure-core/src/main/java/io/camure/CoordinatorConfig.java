package io.camure;

import io.camure.transport.PortProvider;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a coordinator runs its session. Immutable; {@link #defaults()} is right for services in one local network. */
public final class CoordinatorConfig {

    private static final CoordinatorConfig DEFAULTS = builder().build();

    private final Builder settings;

    private CoordinatorConfig(Builder settings) {
        this.settings = settings;
    }

    public static CoordinatorConfig defaults() {
        return DEFAULTS;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** See {@link Builder#name}. */
    public String name() {
        return settings.name;
    }

    /** See {@link Builder#chunkSize}. */
    public int chunkSize() {
        return settings.chunkSize;
    }

    /** See {@link Builder#heartbeatInterval}. */
    public Duration heartbeatInterval() {
        return settings.heartbeatInterval;
    }

    /** See {@link Builder#memberTimeout}. */
    public Duration memberTimeout() {
        return settings.memberTimeout;
    }

    /** See {@link Builder#networkInterface}. */
    public Optional<String> networkInterface() {
        return Optional.ofNullable(settings.networkInterface);
    }

    /** See {@link Builder#multicastTtl}. */
    public int multicastTtl() {
        return settings.multicastTtl;
    }

    /** See {@link Builder#maximumMembers}. */
    public int maximumMembers() {
        return settings.maximumMembers;
    }

    /** See {@link Builder#sendWindow}. */
    public int sendWindow() {
        return settings.sendWindow;
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

        private String name = "coordinator";
        private int chunkSize = 1472;
        private Duration heartbeatInterval = Duration.ofSeconds(1);
        private Duration memberTimeout = Duration.ofSeconds(5);
        private @Nullable String networkInterface;
        private int multicastTtl = 1;
        private int maximumMembers = 1024;
        private int sendWindow = 512;
        private int sendBuffer = 1 << 20;
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

        /**
         * The largest datagram of the session: 508…65507 bytes. The default of 1472 fits into an Ethernet frame; more is
         * split by IP, which is faster on loopback and loses more on a network.
         */
        public Builder chunkSize(int bytes) {
            chunkSize = Checks.range("chunkSize", bytes, 508, 65507, "bytes");
            return this;
        }

        /** How long a member may be silent before it sends a sign of life: 10 ms to an hour; 1 s unless told. */
        public Builder heartbeatInterval(Duration interval) {
            heartbeatInterval = Checks.range("heartbeatInterval", interval, Duration.ofMillis(10), Duration.ofHours(1));
            return this;
        }

        /** How long a member may be silent before it is taken for lost: more than the heartbeat interval; 5 s unless told. */
        public Builder memberTimeout(Duration timeout) {
            memberTimeout = Checks.positive("memberTimeout", timeout);
            return this;
        }

        /**
         * Where group traffic leaves: the name of a network interface, an address that it has, or a network that such an
         * address is in ({@code 10.0.0.0/24}). Unless told, the interface that has the bind address.
         */
        public Builder networkInterface(String nameOrAddressOrNetwork) {
            networkInterface = nameOrAddressOrNetwork;
            return this;
        }

        /** How far multicast goes: 1 (the default) stays in the local network, 0 on the host, up to 255. */
        public Builder multicastTtl(int hops) {
            multicastTtl = Checks.range("multicastTtl", hops, 0, 255, "hops");
            return this;
        }

        /** How many nodes may be in the session: 1…65535; 1024 unless told. More are not answered. */
        public Builder maximumMembers(int members) {
            maximumMembers = Checks.range("maximumMembers", members, 1, 65535, "");
            return this;
        }

        /**
         * How many chunks of a broadcast are kept until every member has them: 1…1024; 512 unless told. Fewer are on their
         * way where the members' socket buffers hold fewer, 64 at most with a 0.1 member. Takes this many times the chunk
         * size of memory for each broadcast group that sends.
         */
        public Builder sendWindow(int chunks) {
            sendWindow = Checks.range("sendWindow", chunks, 1, 1024, "chunks");
            return this;
        }

        /** What to ask the kernel for as send buffer, in bytes; 1 MiB unless told, 0 leaves it. It may give less. */
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

        /** @throws IllegalArgumentException when the member timeout is not greater than the heartbeat interval */
        public CoordinatorConfig build() {
            if (memberTimeout.compareTo(heartbeatInterval) <= 0) {
                throw new IllegalArgumentException("memberTimeout is " + memberTimeout
                        + ": it must be greater than heartbeatInterval, which is " + heartbeatInterval);
            }
            return new CoordinatorConfig(copy());
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
