package io.camure.node.session;

import io.camure.MemberConfig;
import io.camure.SessionStartException;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The start of a member: where it sends from, and by what. */
final class MemberStart {

    private MemberStart() {}

    /**
     * Starts a node that is not in the session yet; see {@link MemberNode#askToJoin}.
     *
     * @param lowestTerm no session is joined whose coordinator was elected in a lower term
     * @throws SessionStartException if the coordinator can't be reached for from this machine
     */
    static MemberNode start(InetSocketAddress coordinatorAddress, MemberConfig config, long lowestTerm) {
        String name = Checks.given("config", config).name();
        if (Checks.given("coordinatorAddress", coordinatorAddress).isUnresolved()) {
            throw new SessionStartException(
                    name + ": coordinator address " + Format.address(coordinatorAddress)
                            + ": the host name can't be resolved",
                    null);
        }
        try {
            MemberPlace place = MemberPlace.towards(coordinatorAddress, config);
            int interfaceBytes = InterfaceMtu.of(
                            place.provider(), place.isOfMachine(), place.networkInterface(), place.local())
                    .datagramBytes();
            return start(coordinatorAddress, place.provider(), place.open(), interfaceBytes, lowestTerm, config);
        } catch (IOException e) {
            throw new SessionStartException(
                    name + ": can't reach for the coordinator at " + Format.address(coordinatorAddress) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static MemberNode start(
            InetSocketAddress coordinatorAddress,
            PortProvider provider,
            DatagramPort port,
            int interfaceBytes,
            long lowestTerm,
            MemberConfig config) {
        try {
            MemberNode member = new MemberNode(coordinatorAddress, provider, port, interfaceBytes, lowestTerm, config);
            member.start();
            return member;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }
}
