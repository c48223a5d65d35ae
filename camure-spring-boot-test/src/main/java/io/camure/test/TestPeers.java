package io.camure.test;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Member;
import io.camure.MemberConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Makes the nodes that tests direct, and knows them until they are over. */
final class TestPeers {

    private final CamureTestNetwork network;
    private final List<CamureTestPeer> running = new CopyOnWriteArrayList<>();

    TestPeers(CamureTestNetwork network) {
        this.network = network;
    }

    CamureTestCoordinator startCoordinator(Consumer<CoordinatorConfig.Builder> settings) {
        CamureTestHost host = network.host(CamureTestNetwork.COORDINATOR);
        CoordinatorConfig.Builder config =
                CoordinatorConfig.builder().name(host.hostName()).network(host);
        settings.accept(config);
        CamureTestCoordinator coordinator = new CamureTestCoordinator(
                network,
                host,
                () -> Coordinator.start(network.coordinatorAddress(), network.multicastAddress(), config.build()),
                running::add,
                running::remove);
        running.add(coordinator);
        return coordinator;
    }

    CamureTestMember joinMember(String name, Consumer<MemberConfig.Builder> settings) throws InterruptedException {
        if (running.stream().anyMatch(peer -> peer.name().equals(name))) {
            throw new IllegalStateException(name + " is in the test network already");
        }
        CamureTestHost host = network.host(name);
        MemberConfig.Builder config = MemberConfig.builder()
                .name(name)
                .network(host)
                .joinTimeout(network.patience())
                .messageTimeout(network.patience());
        settings.accept(config);
        Member node = Member.join(network.coordinatorAddress(), config.build());
        CamureTestMember member = new CamureTestMember(network, host, node, running::remove);
        running.add(member);
        return member;
    }

    List<CamureTestPeer> all() {
        return List.copyOf(running);
    }

    /** Those that were made last first. */
    void crashAll() {
        List<CamureTestPeer> all = new ArrayList<>(running);
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).crash();
        }
    }
}
