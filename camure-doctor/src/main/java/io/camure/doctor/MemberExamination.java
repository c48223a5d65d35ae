package io.camure.doctor;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.CoordinatorLocator;
import io.camure.MemberConfig;
import io.camure.node.session.MemberPlace;
import io.camure.protocol.base.Format;
import io.camure.transport.NetworkInterfaces;
import io.camure.wire.Capability;
import io.camure.wire.Extension;
import io.camure.wire.GroupDelivery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Examines the way from this node to its coordinator, rung by rung. */
final class MemberExamination {

    private static final long PATIENCE_NANOS = SECONDS.toNanos(2);
    private static final int MOST_CANDIDATES = 8;
    private static final String NAME = "name";

    private final CoordinatorLocator locator;
    private final MemberConfig config;
    private final Duration watch;
    private final List<Rung> rungs = new ArrayList<>();
    private final List<Hearing> matrix = new ArrayList<>();

    /** @param watch how long to look whether multicast lasts; zero for not at all */
    MemberExamination(CoordinatorLocator locator, MemberConfig config, Duration watch) {
        this.locator = locator;
        this.config = config;
        this.watch = watch;
    }

    Report examine() throws IOException, InterruptedException {
        Rung transport = LocalRungs.transport(config.network(), config.transport());
        rungs.add(transport);
        List<InetSocketAddress> candidates = lookUp();
        if (transport.status() != Status.RED) {
            for (InetSocketAddress candidate : candidates) {
                examine(candidate);
            }
        }
        return Report.of(config.name(), rungs.stream().distinct().toList(), matrix);
    }

    private List<InetSocketAddress> lookUp() {
        List<InetSocketAddress> candidates;
        try {
            candidates = locator.candidates().stream()
                    .distinct()
                    .limit(MOST_CANDIDATES)
                    .toList();
        } catch (IOException e) {
            unknown(String.valueOf(e.getMessage()));
            return List.of();
        }
        List<InetSocketAddress> known =
                candidates.stream().filter(each -> !each.isUnresolved()).toList();
        String addresses = candidates.stream()
                .map(each -> Format.address(each) + (each.isUnresolved() ? " (unknown)" : ""))
                .collect(Collectors.joining(", "));
        String found = addresses.equals(wanted())
                ? "It is given by address: " + addresses + "."
                : wanted() + " is at " + addresses + ".";
        if (known.isEmpty()) {
            unknown(found);
        } else if (known.size() < candidates.size()) {
            rungs.add(new Rung(NAME, null, Status.AMBER, found, "Correct the unknown one, or remove it.", null));
        } else if (isNamedLoopback(known)) {
            rungs.add(new Rung(
                    NAME,
                    null,
                    Status.AMBER,
                    found + " That is this machine's loopback, where only its own nodes are.",
                    "Have the name resolve to the address in the network: many systems have their own name at 127.0.1.1 in"
                            + " /etc/hosts.",
                    lookUpCommand()));
        } else {
            rungs.add(Rung.green(NAME, null, found));
        }
        return known;
    }

    /** What the locator is called, unless it is a lambda. */
    private String wanted() {
        return locator.getClass().isHidden() ? "The coordinator" : String.valueOf(locator);
    }

    /** The hosts of which the locator tells by what it is called. */
    private List<String> hosts() {
        return Arrays.stream(wanted().split(",? "))
                .filter(each -> each.matches(".+:\\d+"))
                .map(each -> each.replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", ""))
                .toList();
    }

    private @Nullable String lookUpCommand() {
        return hosts().isEmpty() ? null : "getent ahosts " + String.join(" ", hosts());
    }

    private boolean isNamedLoopback(List<InetSocketAddress> known) {
        List<String> hosts = hosts();
        return known.stream().anyMatch(each -> each.getAddress().isLoopbackAddress())
                && !hosts.isEmpty()
                && hosts.stream().noneMatch(host -> host.equals("localhost") || NetworkInterfaces.isLiteral(host));
    }

    private void unknown(String why) {
        rungs.add(new Rung(
                NAME,
                null,
                Status.RED,
                why.endsWith(".") ? why : why + ".",
                "Correct coordinator-address (camure.member.coordinator-address), or have the name resolved.",
                lookUpCommand()));
    }

    private void examine(InetSocketAddress candidate) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            // It would close the next socket that is asked for the way.
            throw new InterruptedException();
        }
        MemberPlace place;
        try {
            place = MemberPlace.towards(candidate, config);
        } catch (IOException e) {
            rungs.add(LocalRungs.interfaces(candidate, e));
            return;
        }
        rungs.add(LocalRungs.interfaces(
                candidate, place, config.networkInterface().orElse(null)));
        try (Visit visit = new Visit(candidate, place, config)) {
            visit.join(PATIENCE_NANOS);
            Visit.Welcome welcome = visit.welcome();
            boolean unheard = config.security().isPresent()
                    && welcome == null
                    && visit.refusal() == null
                    && visit.handshakeFailure() == null;
            Knock.Answer inClear = unheard ? Knock.at(candidate, place) : Knock.Answer.NONE;
            rungs.add(new AnswersRung(config).of(visit, welcome, inClear));
            if (welcome != null) {
                examine(visit, welcome);
            } else {
                matrix.add(notHeard(visit));
            }
        }
    }

    private Hearing notHeard(Visit visit) {
        return new Hearing(Format.address(visit.coordinator), config.name(), false, null, null, null, null);
    }

    private void examine(Visit visit, Visit.Welcome welcome) throws IOException, InterruptedException {
        String at = Format.address(visit.coordinator);
        rungs.add(LocalRungs.buffers(config.receiveBuffer(), config.sendBuffer(), visit.port(), welcome.chunkBytes()));
        if (!welcome.can(Capability.ECHOES)) {
            return;
        }
        Extension answer = welcome.answer();
        GroupDelivery delivery = answer == null ? GroupDelivery.MULTICAST : answer.delivery();
        PassageRungs says = new PassageRungs(at, visit.coordinator, welcome.multicastAddress(), delivery, visit.place);
        Passage passage = new Passage(visit, welcome);
        Passage.Count unicast = passage.unicast();
        rungs.add(says.unicast(unicast));
        if (unicast.isNone()) {
            matrix.add(notHeard(visit));
            return;
        }
        Boolean heard = multicast(visit, welcome, passage, says);
        Passage.Sizes sizes = passage.sizes(Boolean.TRUE.equals(heard));
        rungs.add(says.sizes(sizes, welcome.chunkBytes(), welcome.can(Capability.PATH_PROBES)));
        rungs.add(says.ttl(heard, visit.hops()));
        tellMatrix(visit, unicast, heard, sizes);
    }

    /** @return whether it is heard; {@code null} when it is not used */
    private @Nullable Boolean multicast(Visit visit, Visit.Welcome welcome, Passage passage, PassageRungs says)
            throws IOException, InterruptedException {
        if (says.delivery() == GroupDelivery.UNICAST) {
            rungs.add(says.multicastUnused());
            return null;
        }
        try {
            visit.listen(welcome.multicastAddress());
        } catch (IOException e) {
            rungs.add(says.multicastRefused(String.valueOf(e.getMessage())));
            return false;
        }
        Passage.Count multicast = passage.multicast();
        rungs.add(says.multicast(multicast));
        Passage.Count there = passage.multicastThere();
        if (there != null) {
            rungs.add(says.multicastThere(there));
            matrix.add(new Hearing(
                    config.name(), Format.address(visit.coordinator), true, !there.isNone(), null, null, null));
        }
        if (!watch.isZero() && !multicast.isNone()) {
            rungs.add(says.multicastLater(watch.toNanos(), passage.watch(watch.toNanos())));
        }
        return !multicast.isNone();
    }

    private void tellMatrix(Visit visit, Passage.Count unicast, @Nullable Boolean heard, Passage.Sizes sizes) {
        matrix.add(new Hearing(
                Format.address(visit.coordinator),
                config.name(),
                true,
                heard,
                unicast.medianNanos() / 1000,
                sizes.unicast(),
                sizes.byMulticast()));
    }
}
