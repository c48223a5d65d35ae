package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.transport.PortProvider;
import io.camure.wire.NodeIdentity;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What the configurations of coordinators and members have in common. Immutable. */
abstract sealed class NodeConfig permits CoordinatorConfig, MemberConfig {

    private final Builder<?> settings;

    NodeConfig(Builder<?> settings) {
        this.settings = settings;
    }

    /** What threads, logs and errors call this node, here and at the other nodes of the session. */
    public String name() {
        return settings.name;
    }

    /** Which session the node runs or is to be in; empty for one without a name. */
    public Optional<String> sessionName() {
        return Optional.ofNullable(settings.sessionName);
    }

    /** By what network interface group traffic leaves or arrives; empty for the one that fits the node's address. */
    public Optional<String> networkInterface() {
        return Optional.ofNullable(settings.networkInterface);
    }

    /** What the kernel is asked for as send buffer, in bytes; 0 leaves it. */
    public int sendBuffer() {
        return settings.sendBuffer;
    }

    /** What the kernel is asked for as receive buffer, in bytes; 0 leaves it. */
    public int receiveBuffer() {
        return settings.receiveBuffer;
    }

    /** By what datagrams are sent and received. */
    public Transport transport() {
        return settings.transport;
    }

    /** The network that the node is attached to instead of this machine's; empty for this machine's. */
    public Optional<PortProvider> network() {
        return Optional.ofNullable(settings.network);
    }

    /** What seals the session; empty for one in clear. */
    public Optional<Security> security() {
        return Optional.ofNullable(settings.security);
    }

    /** How threads that wait for the network do so. */
    public IdleStrategy idleStrategy() {
        return settings.idleStrategy;
    }

    /** Where futures are completed; empty for the default. */
    public Optional<Executor> executor() {
        return Optional.ofNullable(settings.executor);
    }

    /** Collects settings; each setter refuses null and what is out of range with an {@link IllegalArgumentException}. */
    abstract static sealed class Builder<B extends Builder<B>> implements Cloneable
            permits CoordinatorConfig.Builder, MemberConfig.Builder {

        private String name;
        private @Nullable String sessionName;
        private @Nullable String networkInterface;
        private int sendBuffer;
        private int receiveBuffer = 1 << 20;
        private Transport transport = Transport.AUTO;
        private @Nullable PortProvider network;
        private @Nullable Security security;
        private IdleStrategy idleStrategy = IdleStrategy.ADAPTIVE;
        private @Nullable Executor executor;

        Builder(String role, int sendBuffer) {
            name = NodeNames.distinct(role);
            this.sendBuffer = sendBuffer;
        }

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

        /**
         * What threads, logs and errors call this node, and those of other nodes, which are told as many of its characters as fit
         * into 64 bytes of UTF-8. Unless told, {@code coordinator} or {@code member}, made {@linkplain NodeNames#distinct distinct}.
         */
        public B name(String name) {
            this.name = Checks.given("name", name);
            return self();
        }

        /**
         * What the session is called, the same at all its nodes: 1…64 bytes of UTF-8, printable, without spaces around it. A
         * coordinator refuses nodes whose session has another name, or none while its own has one, or the other way round; so the
         * sessions of two environments do not mix. Nodes that speak only protocol 0.1 have no such name, and are not refused. Unless
         * told, the session has no name.
         */
        public B sessionName(String name) {
            sessionName = Checks.name("sessionName", name, NodeIdentity.NAME_BYTES);
            return self();
        }

        /**
         * Where group traffic leaves, at a member where it arrives: the name of a network interface, an address that it has,
         * or a network that such an address is in ({@code 10.0.0.0/24}). Unless told, the interface that has the bind
         * address, at a member the one by which the coordinator is reached.
         */
        public B networkInterface(String nameOrAddressOrNetwork) {
            networkInterface = Checks.given("networkInterface", nameOrAddressOrNetwork);
            return self();
        }

        /**
         * What to ask the kernel for as send buffer, in bytes; 0 leaves it, and it may give less. 1 MiB unless told, 0 at a
         * member, which sends little.
         */
        public B sendBuffer(int bytes) {
            sendBuffer = Checks.range("sendBuffer", bytes, 0, 1 << 30, "bytes");
            return self();
        }

        /** What to ask the kernel for as receive buffer, in bytes; 1 MiB unless told, 0 leaves it. It may give less. */
        public B receiveBuffer(int bytes) {
            receiveBuffer = Checks.range("receiveBuffer", bytes, 0, 1 << 30, "bytes");
            return self();
        }

        /** By what datagrams are sent and received; {@link Transport#AUTO} unless told. */
        public B transport(Transport transport) {
            this.transport = Checks.given("transport", transport);
            return self();
        }

        /**
         * Attaches the node to another network than this machine's, such as one in memory for tests. What
         * {@link #transport} says means nothing then.
         */
        public B network(PortProvider network) {
            this.network = Checks.given("network", network);
            return self();
        }

        /**
         * Seals the session: all that the node sends is encrypted and authenticated, and nothing is taken in clear. The same secret
         * is needed at all nodes of a session, or certificates that they trust. Unless told, the session is in clear.
         */
        public B security(Security security) {
            this.security = Checks.given("security", security);
            return self();
        }

        /** How threads that wait for the network do so; {@link IdleStrategy#ADAPTIVE} unless told. */
        public B idleStrategy(IdleStrategy strategy) {
            idleStrategy = Checks.given("idleStrategy", strategy);
            return self();
        }

        /**
         * Where the futures of {@link Barrier#awaitAsync} and of collectives are completed, and so runs what depends on them, and where
         * a coordinator runs {@linkplain Reducer#of reducers} and {@linkplain CollectiveConfig.Builder#action actions}; it may hand on the
         * context of the caller. It must not run tasks in the thread that hands them over, which is one of the session's.
         * What it does not take is logged, and runs on the default. Unless told, that is the default executor of {@link
         * java.util.concurrent.CompletableFuture}, with the context class loader of the thread that has started the session.
         */
        public B executor(Executor executor) {
            this.executor = Checks.given("executor", executor);
            return self();
        }
    }
}
