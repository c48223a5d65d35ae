package io.camure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Loopback;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import io.camure.transport.SystemExecution;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that fails at any step leaves nothing open. */
@Timeout(120)
class FailingStartTest {

    private static final String NAME = "failing-start";

    @RegisterExtension
    final Loopback loopback = new Loopback();

    /** What fails. */
    enum Step {
        PROVIDER_NAME,
        EXECUTION,
        NETWORK_INTERFACE,
        CHECK_MULTICAST_ROUTE,
        LOCAL_ADDRESS_TOWARDS,
        OPEN,
        LOCAL_ADDRESS,
        RECEIVE_BUFFER_BYTES,
        NEW_RANDOM,
        NEW_THREAD,
        START_THREAD,
        JOIN_MULTICAST,
        RECEIVE,
        SEND;

        String method() {
            StringBuilder camelCase = new StringBuilder();
            for (String word : name().split("_")) {
                camelCase.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
            }
            return Character.toLowerCase(camelCase.charAt(0)) + camelCase.substring(1);
        }
    }

    /** Ports on Java NIO of which one step fails. */
    private static final class Failing implements PortProvider {

        private final Step step;
        private final AtomicInteger opened = new AtomicInteger();
        private final List<String> closed = new CopyOnWriteArrayList<>();

        private Failing(Step step) {
            this.step = step;
        }

        private void failAt(Step each) {
            if (step == each) {
                throw new IllegalStateException(step + " fails");
            }
        }

        @Override
        public String name() {
            failAt(Step.PROVIDER_NAME);
            return "failing";
        }

        @Override
        public String refusal() {
            return null;
        }

        @Override
        public InetAddress localAddressTowards(InetSocketAddress destination) throws IOException {
            failAt(Step.LOCAL_ADDRESS_TOWARDS);
            return PortProvider.super.localAddressTowards(destination);
        }

        @Override
        public NetworkInterface networkInterface(String wanted, InetAddress localAddress) throws IOException {
            failAt(Step.NETWORK_INTERFACE);
            return PortProvider.super.networkInterface(wanted, localAddress);
        }

        @Override
        public void checkMulticastRoute(
                InetSocketAddress bindAddress, InetSocketAddress multicastAddress, NetworkInterface networkInterface) {
            failAt(Step.CHECK_MULTICAST_ROUTE);
        }

        @Override
        public Execution execution() {
            failAt(Step.EXECUTION);
            return proxy(Execution.class, SystemExecution.instance(), method -> {
                if (method.equals("newThread") && step == Step.START_THREAD) {
                    return new Thread(NAME + "-unstartable") {
                        @Override
                        public void start() {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                    };
                }
                return null;
            });
        }

        @Override
        public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
            failAt(Step.OPEN);
            DatagramPort port = NioDatagramPort.open(bindAddress, options);
            opened.incrementAndGet();
            return proxy(DatagramPort.class, port, method -> {
                if (method.equals("close")) {
                    closed.add(method);
                }
                return null;
            });
        }

        /** @param instead gives back what to answer in place of the target, or {@code null} */
        private <T> T proxy(Class<T> type, T target, Function<String, Object> instead) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (step.method().equals(method.getName())) {
                            failAt(step);
                        }
                        Object answer = instead.apply(method.getName());
                        if (answer != null) {
                            return answer;
                        }
                        try {
                            return method.invoke(target, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        void assertNothingIsLeft() {
            assertThat(closed.isEmpty()).as("the port was not closed").isEqualTo(opened.get() == 0);
            await().atMost(Loopback.LONG)
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .noneMatch(name -> name.contains(NAME)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"LOCAL_ADDRESS_TOWARDS", "JOIN_MULTICAST", "RECEIVE", "SEND"})
    void ofACoordinator(Step step) {
        Failing network = new Failing(step);
        CoordinatorConfig config =
                CoordinatorConfig.builder().name(NAME).network(network).build();

        assertThatThrownBy(() -> Coordinator.start(Loopback.anyPort(), Loopback.multicast(), config))
                .isNotInstanceOf(NullPointerException.class);
        network.assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CHECK_MULTICAST_ROUTE")
    void ofAMember(Step step) {
        Coordinator coordinator = loopback.coordinator();
        Failing network = new Failing(step);
        MemberConfig config = MemberConfig.builder()
                .name(NAME)
                .joinTimeout(Loopback.LONG)
                .network(network)
                .build();

        assertThatThrownBy(() -> Member.join(coordinator.address(), config))
                .isNotInstanceOf(NullPointerException.class)
                .isNotInstanceOf(JoinTimeoutException.class);
        network.assertNothingIsLeft();
    }
}
