package io.camure.faults.fuzz;

import static io.camure.faults.fuzz.FuzzedNode.check;

import io.camure.Certificates;
import io.camure.protocol.barrier.BarrierKind;
import io.camure.protocol.base.PathSizes;
import io.camure.protocol.base.StateMachine;
import io.camure.protocol.group.Admission;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.round.LossPolicy;
import io.camure.protocol.security.Beside;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.Credentials;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.Requirements;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.test.support.TestCertificates;
import io.camure.wire.CertificateChunk;
import io.camure.wire.GroupDelivery;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;

/**
 * A coordinator and a member that show each other certificates, and whoever is between them: it loses, delays, repeats, changes and
 * makes up datagrams of their handshake, also in the name of somebody who is not there. Nobody else is let in, and once it leaves them
 * alone, the member is. The keys of the handshakes are the JDK's, and so differ from run to run.
 */
public final class CertificateFuzzer {

    private static final int MOST_DATAGRAMS = 64;

    /** A step of some 67 ms. */
    private static final int STEP_BITS = 26;

    /** Longer than the longest pause between two requests of a member, and than what was begun before is kept for. */
    private static final int STEPS_TO_GET_IN = 600;

    private static final InetSocketAddress COORDINATOR = FuzzedNode.address(1, 7400);
    private static final InetSocketAddress MEMBER = FuzzedNode.address(2, 10000);
    private static final InetSocketAddress STRANGER = FuzzedNode.address(3, 10000);
    private static final InetSocketAddress MULTICAST = new InetSocketAddress("239.255.74.0", 7401);

    private static final SessionSettings SETTINGS = new SessionSettings(
            MULTICAST,
            PathSizes.given(FuzzedNode.CHUNK_BYTES),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(5),
            0,
            5,
            16,
            1 << 20,
            "coordinator",
            GroupDelivery.AUTO,
            true);

    private static final Secret SECRET = new Secret(new byte[Secret.SHORTEST_BYTES]);
    private static final Credentials OF_COORDINATOR = new Shown(TestCertificates.of("coordinator"));
    private static final Credentials OF_MEMBER = new Shown(TestCertificates.of("orders"));

    private final FuzzInput input;
    private final Work atCoordinator = new Work();
    private final Work atMember = new Work();
    private final CoordinatorSession coordinator;
    private final MemberSession member;
    private final FuzzedNode coordinatorNode;
    private final FuzzedNode memberNode;
    private final List<Sent> all = new ArrayList<>();
    private int delivered;
    private int toStranger;
    private int fromStranger;

    private record Sent(byte[] bytes, boolean toCoordinator) {}

    /** What a node shows; it admits whom it trusts. */
    private record Shown(Certificates certificates) implements Credentials {

        @Override
        public SSLContext newContext() throws GeneralSecurityException {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(certificates.ownNow(), certificates.trustedNow(), null);
            return context;
        }

        @Override
        public String refusal(X509Certificate certificate, InetSocketAddress address, String group) {
            return null;
        }

        @Override
        public boolean decidesGroups() {
            return true;
        }
    }

    /** What is to be done beside a session, as on another thread, whenever that has time. */
    private static final class Work implements Beside {

        private static final int CAPACITY = 8;

        private final ArrayDeque<Job> jobs = new ArrayDeque<>();

        private record Job(Runnable work, LongConsumer then) {}

        @Override
        public boolean submit(Runnable work, LongConsumer then) {
            return jobs.size() < CAPACITY && jobs.add(new Job(work, then));
        }

        boolean doOne(FuzzedNode node) {
            Job job = jobs.poll();
            if (job != null) {
                job.work().run();
                job.then().accept(node.nowNanos());
                node.transmit();
            }
            return job != null;
        }
    }

    private CertificateFuzzer(FuzzInput input) {
        this.input = input;
        List<Secret> secrets = input.below(2) == 0 ? List.of() : List.of(SECRET);
        coordinator = new CoordinatorSession(
                SETTINGS,
                new Random(1),
                new CoordinatorCodec(
                        new Requirements(secrets, OF_COORDINATOR),
                        atCoordinator,
                        SealingCipher.AES_128_GCM,
                        SETTINGS,
                        KeyLimits.DEFAULT,
                        new Random(2)));
        member = new MemberSession(
                new MemberSettings(COORDINATOR, TimeUnit.SECONDS.toNanos(5), 128, 1 << 20, "member"),
                new Random(3),
                new MemberCodec(
                        new Requirements(secrets, OF_MEMBER), atMember, COORDINATOR, KeyLimits.DEFAULT, new Random(4)));
        coordinatorNode = new FuzzedNode(coordinator, MOST_DATAGRAMS, datagram -> sent(datagram, false));
        memberNode = new FuzzedNode(member, MOST_DATAGRAMS, datagram -> sent(datagram, true));
    }

    public static void fuzzerTestOneInput(byte[] data) {
        new CertificateFuzzer(new FuzzInput(data)).run();
    }

    private void sent(ByteBuffer datagram, boolean toCoordinator) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        all.add(new Sent(bytes, toCoordinator));
    }

    private void run() {
        coordinator.create(BarrierKind.BARRIER, 0, new Admission(true, 0), LossPolicy.CONTINUE);
        member.join(0);
        memberNode.transmit();
        while (!input.isEmpty()) {
            step();
            check(coordinator.peerCount() <= 1, "nobody but the member gets a seat");
        }
        leaveAlone();
        check(toStranger <= fromStranger, "who has not shown its address is answered no more than it has asked");
    }

    private void step() {
        switch (input.below(12)) {
            case 0, 1, 2, 3 -> {
                deliver();
                work(input.below(4));
            }
            case 4 -> delivered = Math.min(all.size(), delivered + 1);
            case 5 -> repeat();
            case 6 -> change();
            case 7 -> makeUp(input.below(2) == 0);
            case 8 -> askAsStranger();
            case 9 -> work(input.next());
            default -> pass(input.next());
        }
    }

    private void deliver() {
        if (delivered < all.size()) {
            receive(all.get(delivered++));
        }
    }

    private void receive(Sent one) {
        FuzzedNode node = one.toCoordinator() ? coordinatorNode : memberNode;
        node.receive(one.toCoordinator() ? MEMBER : COORDINATOR, ByteBuffer.wrap(one.bytes()));
    }

    /** Up to so many things that are to be done at either side. */
    private void work(int most) {
        for (int i = 0; i < most; i++) {
            if (!atCoordinator.doOne(coordinatorNode) & !atMember.doOne(memberNode)) {
                return;
            }
        }
    }

    private void repeat() {
        if (delivered > 0) {
            receive(all.get(input.next() % delivered));
        }
    }

    private void change() {
        if (!all.isEmpty()) {
            Sent one = all.get(all.size() - 1 - input.next() % Math.min(all.size(), 256));
            byte[] changed = one.bytes().clone();
            changed[input.next() % changed.length] ^= (byte) Math.max(1, input.next());
            unaccepted(new Sent(changed, one.toCoordinator()));
        }
    }

    /** Part of a handshake may be made up, and end it; it is nothing that a session takes. */
    private void unaccepted(Sent one) {
        StateMachine machine = one.toCoordinator() ? coordinator : member;
        long before = machine.counters().received();
        receive(one);
        check(machine.counters().received() == before, "what is not authentic is not taken");
    }

    /** A part of the handshake that is on its way, or of none. */
    private void makeUp(boolean toCoordinator) {
        unaccepted(new Sent(bytes(chunk(lastNumber())), toCoordinator));
    }

    private void askAsStranger() {
        ByteBuffer chunk = chunk(input.next());
        fromStranger += chunk.remaining();
        int before = all.size();
        coordinatorNode.receive(STRANGER, chunk);
        // None of that is for the member.
        while (all.size() > before) {
            toStranger += all.remove(before).bytes().length;
        }
    }

    private ByteBuffer chunk(long number) {
        CertificateChunk.Kind[] kinds = CertificateChunk.Kind.values();
        byte[] cookie = new byte[CertificateChunk.COOKIE_BYTES];
        if (input.below(2) == 0 && !all.isEmpty()) {
            byte[] last = all.get(all.size() - 1).bytes();
            cookie = last.length < CertificateChunk.HEADER_BYTES
                    ? cookie
                    : CertificateChunk.cookie(ByteBuffer.wrap(last));
        }
        return CertificateChunk.of(
                kinds[input.below(kinds.length)], number, cookie, input.below(70), bytes(input.bytes(input.next())));
    }

    private long lastNumber() {
        for (int i = all.size() - 1; i >= 0; i--) {
            ByteBuffer last = ByteBuffer.wrap(all.get(i).bytes());
            if (CertificateChunk.isIn(last)) {
                return CertificateChunk.number(last);
            }
        }
        return 0;
    }

    private static byte[] bytes(ByteBuffer datagram) {
        byte[] bytes = new byte[datagram.remaining()];
        datagram.get(bytes);
        return bytes;
    }

    private void pass(int size) {
        coordinatorNode.pass(size);
        memberNode.pass(size);
    }

    /** From now on all arrives, and all is done: the member is let in, unless it is in and out again. */
    private void leaveAlone() {
        for (int i = 0; i < STEPS_TO_GET_IN && !member.isJoined() && member.loss() == null; i++) {
            pass(STEP_BITS);
            boolean more = true;
            while (more) {
                more = delivered < all.size();
                deliver();
                more |= atCoordinator.doOne(coordinatorNode) | atMember.doOne(memberNode);
            }
        }
        check(member.isJoined() || member.loss() != null, "the member gets in");
    }
}
