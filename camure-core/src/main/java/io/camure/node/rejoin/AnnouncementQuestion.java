package io.camure.node.rejoin;

import io.camure.MemberConfig;
import io.camure.node.group.OnceMet;
import io.camure.node.session.Ports;
import io.camure.protocol.base.SessionEvent;
import io.camure.protocol.session.AnnouncementSearch;
import io.camure.runtime.ParkingLot;
import io.camure.runtime.SessionDriver;
import io.camure.runtime.SessionObserver;
import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;

/** The question by one network interface where a coordinator is, until it is closed. */
final class AnnouncementQuestion implements SessionObserver, AutoCloseable {

    private final AnnouncementSearch search;
    private final SessionDriver driver;
    private volatile List<InetSocketAddress> found = List.of();

    private AnnouncementQuestion(AnnouncementSearch search, PortProvider provider, DatagramPort port, String name) {
        this.search = search;
        driver = new SessionDriver(
                "camure-" + name + "-search", search, port, SessionDriver.Idle.BLOCKING, provider.execution(), this);
    }

    /**
     * Asks, without waiting for an answer.
     *
     * @param answered who is to notice that there is one
     */
    static AnnouncementQuestion ask(
            InetSocketAddress announcementAddress,
            InetAddress local,
            NetworkInterface networkInterface,
            MemberConfig config,
            ParkingLot answered)
            throws IOException {
        PortProvider provider = Ports.provider(config.network(), config.transport());
        DatagramPort port = provider.open(new InetSocketAddress(local, 0), new PortOptions(networkInterface, 1, 0, 0));
        try {
            AnnouncementSearch search = new AnnouncementSearch(
                    announcementAddress,
                    config.name(),
                    config.sessionName().orElse(""),
                    provider.execution().newRandom());
            AnnouncementQuestion question = new AnnouncementQuestion(search, provider, port, config.name());
            question.driver.start();
            question.driver.watch(new OnceMet(question::isAnswered, answered::unparkAll));
            question.driver.execute(nowNanos -> {
                search.start(nowNanos);
                return null;
            });
            return question;
        } catch (Throwable e) {
            Ports.closeAfter(e, port);
            throw e;
        }
    }

    @Override
    public void publish() {
        if (search.found().size() != found.size()) {
            found = search.found();
        }
    }

    boolean isAnswered() {
        return !found.isEmpty();
    }

    List<InetSocketAddress> found() {
        return found;
    }

    @Override
    public void onEvent(SessionEvent event) {
        // It tells of none.
    }

    @Override
    public void onFailure(Throwable cause) {
        // Nothing is found this way.
    }

    @Override
    public void close() {
        driver.close();
    }
}
