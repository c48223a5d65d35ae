package io.camure.node.rejoin;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.node.session.DerivedMulticastAddress;
import io.camure.node.session.Ports;
import io.camure.protocol.base.Checks;
import io.camure.protocol.base.Format;
import io.camure.runtime.ParkingLot;
import io.camure.transport.NetworkInterfaces;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A coordinator that is found by the name of its session: asks for it by multicast on all network interfaces at once. */
public final class AnnouncedCoordinator implements CoordinatorLocator {

    /** Coordinators that are there answer within a round trip; one that comes is found by the next try. */
    private static final long PATIENCE_NANOS = SECONDS.toNanos(1);

    /** For answers by other interfaces, which may be the only ones that lead to a coordinator that can be joined. */
    private static final long SETTLING_NANOS = MILLISECONDS.toNanos(20);

    /** Each takes a socket and a thread while it is asked. */
    private static final int MAXIMUM_PLACES = 16;

    private final MemberConfig config;
    private final String sessionName;

    /** @throws IllegalArgumentException when the configuration has no session name */
    public AnnouncedCoordinator(MemberConfig config) {
        this.config = Checks.given("config", config);
        sessionName = config.sessionName()
                .orElseThrow(() -> new IllegalArgumentException(
                        "a coordinator is found by announcement by the name of its session: set sessionName"));
    }

    /** An address of this node, and the interface that has it. */
    private record Place(InetAddress local, NetworkInterface networkInterface) {

        @Override
        public String toString() {
            return networkInterface.getName() + " (" + local.getHostAddress() + ")";
        }
    }

    @Override
    public List<InetSocketAddress> candidates() throws IOException {
        PortProvider provider = Ports.provider(config.network(), config.transport());
        List<Place> all = places(provider);
        List<Place> places = all.subList(0, Math.min(all.size(), MAXIMUM_PLACES));
        ParkingLot answered = new ParkingLot(provider.execution());
        List<AnnouncementQuestion> questions = new ArrayList<>();
        try {
            List<String> asked = new ArrayList<>();
            for (Place place : places) {
                InetSocketAddress to = DerivedMulticastAddress.ofAnnouncements(sessionName, place.local);
                try {
                    questions.add(AnnouncementQuestion.ask(to, place.local, place.networkInterface, config, answered));
                    asked.add(Format.address(to) + " by " + place);
                } catch (IOException e) {
                    asked.add(Format.address(to) + " by " + place + ", which fails: " + e.getMessage());
                }
            }
            answered.await(() -> questions.stream().anyMatch(AnnouncementQuestion::isAnswered), PATIENCE_NANOS);
            if (questions.size() > 1 && questions.stream().anyMatch(AnnouncementQuestion::isAnswered)) {
                answered.sleep(SETTLING_NANOS);
            }
            List<InetSocketAddress> found = questions.stream()
                    .flatMap(question -> question.found().stream())
                    .distinct()
                    .toList();
            if (found.isEmpty()) {
                throw new IOException("no coordinator of " + Format.session(sessionName) + " has answered at "
                        + asked.stream().collect(Collectors.joining("; "))
                        + leftOut(all.subList(places.size(), all.size()))
                        + ". Has it the same session-name, and does this network carry multicast?");
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a coordinator was looked for");
        } finally {
            questions.forEach(AnnouncementQuestion::close);
        }
    }

    private List<Place> places(PortProvider provider) throws IOException {
        if (config.network().isPresent()) {
            InetAddress any = InetAddress.getByAddress(new byte[4]);
            InetAddress local = provider.localAddressTowards(DerivedMulticastAddress.ofAnnouncements(sessionName, any));
            return List.of(new Place(local, provider.networkInterface(null, local)));
        }
        String wanted = config.networkInterface().orElse(null);
        List<NetworkInterface> interfaces = wanted == null
                ? NetworkInterfaces.forMulticast()
                : List.of(provider.networkInterface(wanted, InetAddress.getLoopbackAddress()));
        List<Place> places = new ArrayList<>();
        for (NetworkInterface each : interfaces) {
            for (InetAddress local : NetworkInterfaces.oneOfEachVersion(each)) {
                places.add(new Place(local, each));
            }
        }
        if (places.isEmpty()) {
            throw new IOException("this machine has no network interface by which a coordinator could be asked for");
        }
        // Hosts of containers have many interfaces with an address of the link only.
        places.sort(Comparator.comparing(place -> place.local.isLinkLocalAddress()));
        return places;
    }

    private static String leftOut(List<Place> places) {
        return places.isEmpty()
                ? ""
                : "; it was not asked for by "
                        + places.stream().map(Place::toString).collect(Collectors.joining(", "))
                        + ", as " + MAXIMUM_PLACES
                        + " are asked at most: set network-interface (camure.member.network-interface) if it is there";
    }

    @Override
    public String toString() {
        return "announced";
    }
}
