package io.camure.simulation;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Member;
import io.camure.MemberConfig;
import io.camure.test.CamureTestHost;
import io.camure.test.CamureTestNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A session of whole nodes in virtual time, for tests in which much of it passes. */
public final class VirtualSession {

    private static final int PORT = 7411;

    private final SeededScheduler scheduler = new SeededScheduler(1, 0);
    private final SeededProcess process = scheduler.process("session");
    private final CamureTestNetwork network = CamureTestNetwork.on(process, 1);

    /** What happens in it. */
    public interface Scenario {

        void run(Coordinator hub) throws Exception;
    }

    /** Plays a scenario with a coordinator on the host {@code hub}. */
    public void play(Scenario scenario) throws InterruptedException {
        process.start("scenario", false, () -> {
            try (network;
                    Coordinator hub = coordinator()) {
                scenario.run(hub);
            }
        });
        scheduler.run();
    }

    /** A coordinator on the host {@code hub}. */
    public Coordinator coordinator() {
        return Coordinator.start(
                address("hub"),
                new InetSocketAddress("239.255.74.0", PORT),
                CoordinatorConfig.builder().name("hub").network(host("hub")).build());
    }

    public CamureTestHost host(String name) {
        return network.host(name);
    }

    /** Where a coordinator on a host is. */
    public InetSocketAddress address(String host) {
        return new InetSocketAddress(host(host).address(), PORT);
    }

    /** That of a member on a host of its name. */
    public MemberConfig.Builder config(String name) {
        return MemberConfig.builder().name(name).network(host(name)).joinTimeout(Duration.ofSeconds(15));
    }

    public Member member(String name) throws InterruptedException {
        return Member.join(address("hub"), config(name).build());
    }

    /** Starts a thread of the application. */
    public void start(String name, SeededProcess.Body body) {
        process.start(name, false, body);
    }

    public void sleep(Duration duration) {
        process.sleep(duration.toNanos());
    }
}
