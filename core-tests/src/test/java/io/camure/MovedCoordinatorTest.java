package io.camure;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.simulation.VirtualSession;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A coordinator that is gone from one moment to the next, and comes back on another host, in virtual time. */
class MovedCoordinatorTest {

    private static final String NAME = "prices";

    /** What a member is given to find it by. */
    private enum Found {
        BY_LIST {
            @Override
            CoordinatorLocator locator(VirtualSession session, MemberConfig config) {
                return CoordinatorLocator.fixed(session.address("first"), session.address("second"));
            }
        },
        BY_NAMES {
            @Override
            CoordinatorLocator locator(VirtualSession session, MemberConfig config) {
                return CoordinatorLocator.anyOf(named(session.address("first")), named(session.address("second")));
            }

            private static CoordinatorLocator named(InetSocketAddress address) {
                return CoordinatorLocator.of(address.getAddress().getHostAddress(), address.getPort());
            }
        },
        BY_REGISTRY {
            @Override
            CoordinatorLocator locator(VirtualSession session, MemberConfig config) {
                return () -> List.of(session.address(registered));
            }
        },
        /** Java keeps to what the name was at first. */
        BY_NAME_THAT_MOVES {
            @Override
            CoordinatorLocator locator(VirtualSession session, MemberConfig config) {
                InetSocketAddress first = session.address("first");
                return new Locators.Host(
                        "gate.example",
                        first.getPort(),
                        name -> new InetAddress[] {first.getAddress()},
                        () -> NameServers.of(
                                HostsFile.NONE,
                                dns.put(
                                                "gate.example",
                                                session.address(registered).getAddress())
                                        .url(),
                                List.of()));
            }
        },
        BY_ANNOUNCEMENT {
            @Override
            CoordinatorLocator locator(VirtualSession session, MemberConfig config) {
                return Member.announcedCoordinator(config);
            }
        };

        volatile String registered = "first";
        DnsResponder dns;

        abstract CoordinatorLocator locator(VirtualSession session, MemberConfig config);
    }

    private final VirtualSession session = new VirtualSession();
    private final List<Duration> outages = new CopyOnWriteArrayList<>();

    private Coordinator coordinator(String host) {
        return Coordinator.start(
                session.address(host),
                CoordinatorConfig.builder()
                        .name(host)
                        .sessionName(NAME)
                        .network(session.host(host))
                        .build());
    }

    @ParameterizedTest
    @EnumSource
    void itIsFoundWithinTwoSecondsAfterItWasMissed(Found found) throws Exception {
        MemberConfig config = session.config("member")
                .sessionName(NAME)
                .rejoin(Rejoin.backOff())
                .build();
        found.dns = new DnsResponder();
        session.play(hub -> {
            found.registered = "first";
            try (Coordinator first = coordinator("first");
                    Member member = Member.join(found.locator(session, config), config)) {
                first.createBarrier(GroupConfig.builder().id(0).build());
                Barrier barrier = member.joinBarrier(0);
                member.addListener(new MemberListener() {
                    @Override
                    public void coordinatorRegained(Duration outage) {
                        outages.add(outage);
                    }
                });
                session.host("first").disconnect();
                found.registered = "second";
                try (Coordinator second = coordinator("second")) {
                    second.createBarrier(GroupConfig.builder().id(0).build());
                    session.sleep(config.coordinatorTimeout().plus(Duration.ofSeconds(4)));

                    assertThat(member.loss()).isEqualTo(Optional.empty());
                    assertThat(member.coordinatorAddress()).isEqualTo(second.address());
                    assertThat(barrier.isOpen()).isTrue();
                }
            }
        });
        found.dns.close();
        assertThat(outages)
                .singleElement()
                .satisfies(outage -> assertThat(outage).isLessThan(Duration.ofSeconds(2)));
    }
}
