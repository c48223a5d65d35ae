package io.camure.protocol;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.camure.protocol.base.PathSizes;
import io.camure.protocol.group.MemberSettings;
import io.camure.protocol.group.SessionSettings;
import io.camure.protocol.security.Beside;
import io.camure.protocol.security.CoordinatorCodec;
import io.camure.protocol.security.Credentials;
import io.camure.protocol.security.KeyLimits;
import io.camure.protocol.security.MemberCodec;
import io.camure.protocol.security.NamePattern;
import io.camure.protocol.security.Requirements;
import io.camure.protocol.security.SealingCipher;
import io.camure.protocol.security.Secret;
import io.camure.protocol.session.CoordinatorSession;
import io.camure.protocol.session.MemberSession;
import io.camure.wire.GroupDelivery;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A session in virtual time whose nodes show each other certificates; what handshakes cost takes a millisecond each time. */
final class CertifiedSession {

    private static final Path STORES = Path.of("../camure-test-support/src/main/resources/certificates");
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Of what the codec of the first member draws. */
    static final long SEED_OF_FIRST_MEMBER = 1001;

    private static final long WORK_NANOS = MILLISECONDS.toNanos(1);

    final SimulatedNetwork network;
    final int chunkBytes;
    CoordinatorSession coordinator;

    /** How often something was done beside the session. */
    int works;

    /** Whether what is done beside the coordinator's session never comes to an end. */
    boolean stuck;

    private int nodes;

    /** What a node shows and trusts, whom it admits, and into which group it lets nobody. */
    record Shown(
            String node,
            String trust,
            List<NamePattern> allowed,
            @Nullable String closedGroup) implements Credentials {

        static Shown of(String node) {
            return new Shown(node, "trust", List.of(), null);
        }

        Shown allowing(String pattern) {
            return new Shown(node, trust, List.of(NamePattern.of(pattern)), closedGroup);
        }

        @Override
        public SSLContext newContext() throws GeneralSecurityException {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store(node), PASSWORD);
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store(trust));
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        }

        private static KeyStore store(String name) throws GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream stored = Files.newInputStream(STORES.resolve(name + ".p12"))) {
                store.load(stored, PASSWORD);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return store;
        }

        @Override
        public @Nullable String refusal(
                X509Certificate certificate, InetSocketAddress address, @Nullable String group) {
            List<String> names = NamePattern.namesOf(certificate);
            boolean named = allowed.isEmpty()
                    || allowed.stream().anyMatch(each -> names.stream().anyMatch(each::matches));
            return named && (group == null || !group.equals(closedGroup)) ? null : "not here";
        }

        @Override
        public boolean decidesGroups() {
            return closedGroup != null;
        }
    }

    CertifiedSession(Faults faults, int chunkBytes, Requirements requirements) {
        this.chunkBytes = chunkBytes;
        network = new SimulatedNetwork(new SplittableRandom(1), faults);
        coordinator = startCoordinator(1, requirements);
    }

    static Requirements requiring(Credentials credentials, Secret... secrets) {
        return new Requirements(List.of(secrets), credentials);
    }

    CoordinatorSession startCoordinator(long seed, Requirements requirements) {
        SessionSettings settings = new SessionSettings(
                SimulatedNetwork.MULTICAST,
                PathSizes.given(chunkBytes),
                SECONDS.toNanos(1),
                SECONDS.toNanos(5),
                0,
                1000,
                64,
                1 << 20,
                "coordinator",
                GroupDelivery.MULTICAST,
                false);
        CoordinatorCodec codec = new CoordinatorCodec(
                requirements, beside(true), SealingCipher.AES_128_GCM, settings, KeyLimits.DEFAULT, new Random(-seed));
        coordinator = new CoordinatorSession(settings, new Random(seed), codec);
        network.add(Session.COORDINATOR, coordinator);
        return coordinator;
    }

    private Beside beside(boolean ofCoordinator) {
        return (work, then) -> {
            works++;
            if (!stuck || !ofCoordinator) {
                network.after(WORK_NANOS, () -> {
                    work.run();
                    then.accept(network.nowNanos());
                });
            }
            return true;
        };
    }

    MemberSession asking(Requirements requirements) {
        InetSocketAddress address = new InetSocketAddress("10.0.0.2", 10000 + ++nodes);
        MemberCodec codec = new MemberCodec(
                requirements,
                beside(false),
                Session.COORDINATOR,
                KeyLimits.DEFAULT,
                new Random(SEED_OF_FIRST_MEMBER - 1 + nodes));
        MemberSession member = new MemberSession(
                new MemberSettings(
                        Session.COORDINATOR, Session.COORDINATOR_TIMEOUT_NANOS, 128, 1 << 20, "member", "", 0),
                new Random(nodes),
                codec);
        network.add(address, member);
        network.receiveMulticast(address);
        member.join(network.nowNanos());
        return member;
    }

    /** Lets time pass until a member is in; whether it is within a time. */
    boolean joins(MemberSession member, long nanos) {
        network.runUntil(network.nowNanos() + nanos, member::isJoined);
        return member.isJoined();
    }
}
