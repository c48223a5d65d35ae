package io.camure.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.faults.Attacks.Attack;
import io.camure.faults.network.Namespaces;
import io.camure.faults.network.NeedsNamespaces;
import io.camure.faults.node.Forgery;
import io.camure.faults.node.Node;
import io.camure.faults.node.NodeProcess;
import io.camure.faults.node.NodeScenario.Protection;
import io.camure.faults.node.Pace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The attacks of {@link ForgedSourcesFaultTest}, each 1,000 datagrams a second: prints how fast rounds pass meanwhile, compared with
 * those right before.
 */
@Tag("long")
@Tag("strangers")
@NeedsNamespaces
class ForgedPaceTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MEMBERS = 2;
    private static final int STRANGER = MEMBERS + 1;
    private static final String NOBODY = "10.77.0.200";
    private static final int PER_SECOND = 1000;
    private static final int ROUNDS = 1500;
    private static final int TIMES = 3;

    /** Below that share of the pace it had before, an attack is named once more at the end. */
    private static final double SLOW = 0.9;

    private final List<String> slow = new ArrayList<>();
    private Cluster cluster;
    private NodeProcess stranger;
    private int attacks;

    @BeforeEach
    void start() throws Exception {
        cluster = Cluster.inNamespacesWithStranger(MEMBERS);
        stranger = cluster.launch(STRANGER);
    }

    @AfterEach
    void end() throws Exception {
        stranger.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"HARDENED", "SEALED"})
    void roundsGoOnAtTheirPace(Protection protection) throws Exception {
        cluster.plan(cluster.plan().withTimeouts(Duration.ofSeconds(30)).withProtection(protection))
                .open();
        for (int member = 1; member <= MEMBERS; member++) {
            cluster.member(member).begin(Node::passRoundsToTheEnd);
        }
        cluster.coordinator().begin(Node::passRoundsToTheEnd);
        InetSocketAddress coordinator = cluster.coordinator().run(Node::address);
        InetSocketAddress first = cluster.member(1).run(Node::address);
        for (int i = 0; i < TIMES; i++) {
            pace();
        }

        cluster.network().impersonate(STRANGER, Namespaces.address(0));
        measure(Attacks.toMember(), coordinator, first, "to a member");
        measure(Attacks.toGroup(), coordinator, cluster.plan().multicast(), "by multicast");
        cluster.network().impersonate(STRANGER, Namespaces.address(1), NOBODY);
        measure(Attacks.toCoordinator(), first, coordinator, "of a member");
        measure(Attacks.byNobody(), new InetSocketAddress(NOBODY, 7777), coordinator, "of nobody");

        System.out.printf(
                Locale.ROOT,
                "%s: %d of %d attacks left less than %.0f %% of the pace: %s%n",
                protection,
                slow.size(),
                attacks,
                100 * SLOW,
                slow);
        assertThat(cluster.coordinator().run(Node::members)).isEqualTo(MEMBERS);
    }

    private void measure(List<Attack> all, InetSocketAddress source, InetSocketAddress target, String how)
            throws Exception {
        for (Attack attack : all) {
            Forgery forgery = Forgery.of(source, target, attack.datagrams());
            double[] quiet = new double[TIMES];
            double[] attacked = new double[TIMES];
            for (int i = 0; i < TIMES; i++) {
                quiet[i] = pace();
                stranger.act(node -> Forgery.rages(true));
                CompletableFuture<Integer> raging = stranger.begin(node -> forgery.repeat(PER_SECOND));
                attacked[i] = pace();
                stranger.act(node -> Forgery.rages(false));
                assertThat(raging.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
            }
            double share = median(attacked) / median(quiet);
            String what = attack.name() + " " + how;
            System.out.printf(
                    Locale.ROOT, "%-60s %7.0f to %7.0f rounds/s, %.2f%n", what, median(quiet), median(attacked), share);
            attacks++;
            if (share < SLOW) {
                slow.add(what);
            }
        }
    }

    private double pace() throws Exception {
        return cluster.coordinator()
                .begin(node -> Pace.perSecond(node, ROUNDS))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static double median(double[] each) {
        return Arrays.stream(each).sorted().toArray()[each.length / 2];
    }
}
