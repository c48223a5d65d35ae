package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camure.test.CamureTestNetwork;
import io.camure.test.support.Loopback;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members that know what their session is called, and not where it is. */
class AnnouncedSessionTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final CamureTestNetwork network = CamureTestNetwork.create();

    @AfterEach
    void end() {
        network.close();
    }

    private CoordinatorConfig.Builder coordinates(String host) {
        return CoordinatorConfig.builder().name(host).network(network.host(host));
    }

    private MemberConfig.Builder member(String session) {
        return MemberConfig.builder()
                .name("member of " + session)
                .sessionName(session)
                .network(network.host("member"))
                .joinTimeout(LONG);
    }

    private Member join(MemberConfig config) throws InterruptedException {
        return loopback.closeLater(Member.join(Member.announcedCoordinator(config), config));
    }

    @Test
    void eachFindsItsOwnOfTwoSessionsOnOneNetwork() throws Exception {
        for (String name : List.of("prices", "orders")) {
            loopback.closeLater(
                    Coordinator.start(coordinates(name).sessionName(name).build()));
        }
        for (String name : List.of("orders", "prices", "orders")) {
            Member member = join(member(name).build());
            assertThat(member.coordinator().name()).isEqualTo(name);
            assertThat(member.coordinatorAddress())
                    .isEqualTo(new InetSocketAddress(network.host(name).address(), 7400));
        }
    }

    @Test
    void whoIsFoundCanBeUsed() throws Exception {
        Coordinator coordinator = loopback.closeLater(
                Coordinator.start(coordinates("gate").sessionName("prices").build()));
        Member member = join(member("prices").build());

        Loopback.round(
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build()),
                List.of(member.joinBarrier(0, LONG)));
    }

    @Test
    void whoAdvertisesAnAddressIsAskedThere() throws Exception {
        InetSocketAddress advertised =
                new InetSocketAddress(network.host("translator").address(), 1234);
        loopback.closeLater(Coordinator.start(coordinates("gate")
                .sessionName("prices")
                .advertisedAddress(advertised)
                .build()));

        assertThat(Member.announcedCoordinator(member("prices").build()).candidates())
                .containsExactly(advertised);
    }

    @Test
    void whoIsNotAnnouncedIsNotFound() throws Exception {
        loopback.closeLater(Coordinator.start(
                coordinates("gate").sessionName("prices").announced(false).build()));
        loopback.closeLater(Coordinator.start(coordinates("nameless").build()));

        MemberConfig config =
                member("prices").joinTimeout(Duration.ofMillis(300)).build();
        assertThatThrownBy(() -> join(config))
                .isInstanceOf(JoinTimeoutException.class)
                .hasMessageContaining("locator has not answered");
        assertThatThrownBy(() -> Member.announcedCoordinator(config).candidates())
                .hasMessageContaining("no coordinator of the session \"prices\" has answered at 239.255.")
                .hasMessageContaining(" by ")
                .hasMessageContaining("session-name");
    }

    @Test
    void aNameIsNeeded() {
        assertThatThrownBy(() -> Member.announcedCoordinator(MemberConfig.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sessionName");
        assertThatThrownBy(() -> CoordinatorConfig.builder().announced(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sessionName");
    }

    @ParameterizedTest
    @EnumSource(names = {"NIO", "AUTO"})
    void oneOnThisMachineIsFound(Transport transport) throws Exception {
        String name = "test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                Loopback.anyPort(),
                CoordinatorConfig.builder()
                        .sessionName(name)
                        .transport(transport)
                        .build()));
        MemberConfig config = MemberConfig.builder()
                .sessionName(name)
                .transport(transport)
                .networkInterface(InetAddress.getLoopbackAddress().getHostAddress())
                .joinTimeout(LONG)
                .build();

        assertThat(join(config).coordinatorAddress()).isEqualTo(coordinator.address());
    }
}
