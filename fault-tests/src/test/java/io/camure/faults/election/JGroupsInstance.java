package io.camure.faults.election;

import io.camure.test.support.JavaProcess;
import java.net.InetAddress;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.View;

/** A member of a cluster of JGroups over UDP, as it ships that. */
final class JGroupsInstance {

    private JGroupsInstance() {}

    static List<String> command(String name, String address) {
        return List.of(JGroupsInstance.class.getName(), name, address);
    }

    /** @param arguments its name and its address */
    public static void main(String... arguments) throws Exception {
        JavaProcess.endWithParent();
        JChannel channel = new JChannel("udp.xml").name(arguments[0]);
        channel.getProtocolStack().getTransport().setBindAddress(InetAddress.getByName(arguments[1]));
        PeerRounds rounds = new PeerRounds(arguments[0], message -> publish(channel, message));
        channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                rounds.onMessage(message.getObject());
            }

            @Override
            public void viewAccepted(View view) {
                rounds.onMembers(
                        view.getMembers().stream().map(Address::toString).toList());
            }
        });
        channel.connect("failover");
        rounds.run(ElectedInstance.WORK_MILLIS);
    }

    private static void publish(JChannel channel, String message) {
        try {
            channel.send(new ObjectMessage(null, message));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
