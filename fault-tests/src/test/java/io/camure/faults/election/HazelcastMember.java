package io.camure.faults.election;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.topic.ITopic;
import io.camure.faults.network.Namespaces;
import io.camure.test.support.JavaProcess;
import java.util.List;

/** A member of a cluster of Hazelcast with its defaults, which finds the others by their addresses. */
final class HazelcastMember implements MembershipListener {

    private static final String NAME = "name";

    private final PeerRounds rounds;

    private HazelcastMember(PeerRounds rounds) {
        this.rounds = rounds;
    }

    static List<String> command(String name, String address) {
        return List.of(HazelcastMember.class.getName(), name, address);
    }

    /** @param arguments its name and its address */
    public static void main(String... arguments) throws Exception {
        JavaProcess.endWithParent();
        HazelcastInstance instance = Hazelcast.newHazelcastInstance(config(arguments[0], arguments[1]));
        ITopic<String> topic = instance.getTopic("rounds");
        PeerRounds rounds = new PeerRounds(arguments[0], topic::publish);
        topic.addMessageListener(message -> rounds.onMessage(message.getMessageObject()));
        HazelcastMember listener = new HazelcastMember(rounds);
        instance.getCluster().addMembershipListener(listener);
        listener.tell(instance.getCluster());
        rounds.run(ElectedInstance.WORK_MILLIS);
    }

    private static Config config(String name, String address) {
        Config config = new Config();
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getMemberAttributeConfig().setAttribute(NAME, name);
        NetworkConfig network = config.getNetworkConfig();
        network.getInterfaces().setEnabled(true).addInterface(address);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true);
        for (int i = 0; i < Instances.COUNT; i++) {
            join.getTcpIpConfig().addMember(Namespaces.address(i));
        }
        return config;
    }

    private synchronized void tell(Cluster cluster) {
        rounds.onMembers(cluster.getMembers().stream().map(this::nameOf).toList());
    }

    private String nameOf(Member member) {
        return member.getAttribute(NAME);
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        tell(event.getCluster());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        tell(event.getCluster());
    }
}
