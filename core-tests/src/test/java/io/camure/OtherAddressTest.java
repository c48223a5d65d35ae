package io.camure;

import static io.camure.test.support.Loopback.LONG;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.camure.test.support.Background;
import io.camure.test.support.Chunk;
import io.camure.test.support.Loopback;
import io.camure.test.support.ScriptedCoordinator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A coordinator that is asked at another address than the one from which it answers. */
class OtherAddressTest {

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private static InetSocketAddress at(String address, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    /** Linux has all of 127.0.0.0/8 on loopback, and answers from 127.0.0.1. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aCoordinatorAtTheWildcardIsAskedAtAnyOfItsAddresses() throws Exception {
        Coordinator coordinator = loopback.closeLater(Coordinator.start(
                at("0.0.0.0", 0),
                CoordinatorConfig.builder()
                        .networkInterface("127.0.0.1")
                        .transport(Transport.NIO)
                        .build()));
        Member member = loopback.closeLater(
                Member.join(at("127.0.0.2", coordinator.address().getPort())));
        CoordinatorBarrier barrier =
                coordinator.createBarrier(Loopback.GROUP.toBuilder().id(0).build());
        Barrier joined = member.joinBarrier(0, LONG);

        await().untilAsserted(() -> assertThat(coordinator.unicastMembers()).isZero());
        for (int i = 0; i < 10; i++) {
            Loopback.round(barrier, List.of(joined));
        }
        assertThat(member.coordinatorAddress())
                .isEqualTo(at("127.0.0.2", coordinator.address().getPort()));
        assertThat(member.statistics().datagramsDropped()).containsEntry("foreign-source", 0L);
    }

    @Test
    void groupTrafficOfTheOtherIpVersionIsAReasonNotToJoin() throws Exception {
        ScriptedCoordinator coordinator =
                loopback.closeLater(ScriptedCoordinator.start().withoutAnswering());
        Background<Member> joining = Background.run(() -> loopback.closeLater(Member.join(coordinator.address())));
        coordinator.take("SessionJoin", chunk -> chunk.asReadBy01().equals(Chunk.SESSION_JOIN));
        coordinator.send(Chunk.sessionWelcome(at("ff15::74", 7401), 1472, SECONDS.toNanos(1)));

        assertThatThrownBy(joining::result)
                .hasMessageContaining("the coordinator answered, but its group traffic can't be received")
                .hasMessageContaining("[ff15:0:0:0:0:0:0:74]:7401")
                .hasMessageContaining("both must be IPv4, or both IPv6");
    }

    @Test
    void anAddressAndWhatIsAdvertisedAreOfOneIpVersion() throws Exception {
        assertThatThrownBy(() -> loopback.closeLater(Coordinator.start(
                        Loopback.anyPort(),
                        CoordinatorConfig.builder()
                                .advertisedAddress(at("2001:db8::1", 0))
                                .build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("advertised address [2001:db8:0:0:0:0:0:1]:0 and bind address 127.0.0.1")
                .hasMessageContaining("both must be IPv4, or both IPv6");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "224.0.0.1", "ff02::1"})
    void anAdvertisedAddressIsThatOfOneHost(String address) {
        assertThatThrownBy(() -> CoordinatorConfig.builder().advertisedAddress(at(address, 7400)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("advertisedAddress is ")
                .hasMessageContaining("the address of one host");
    }

    @Test
    void anAdvertisedAddressIsResolved() {
        assertThatThrownBy(() -> CoordinatorConfig.builder()
                        .advertisedAddress(InetSocketAddress.createUnresolved("nowhere.invalid", 7400)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nowhere.invalid");
    }
}
