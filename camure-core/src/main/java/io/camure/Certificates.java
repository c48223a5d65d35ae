package io.camure;

import io.camure.protocol.base.Checks;
import io.camure.protocol.security.NamePattern;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificate by which a node shows who it is, those that it trusts, and whom it admits: members at the coordinator, the
 * coordinator at a member. Immutable; it never shows a key.
 *
 * <p>A certificate whose extended key usage is limited has to be for clients at a member and for servers at the coordinator.
 */
public final class Certificates {

    private final Supplier<KeyManager[]> own;
    private final Supplier<TrustManager[]> trusted;
    private final List<NamePattern> allowedMembers;
    private final List<NamePattern> allowedCoordinators;
    private final @Nullable MemberAdmission admission;

    private Certificates(
            Supplier<KeyManager[]> own,
            Supplier<TrustManager[]> trusted,
            List<NamePattern> allowedMembers,
            List<NamePattern> allowedCoordinators,
            @Nullable MemberAdmission admission) {
        this.own = own;
        this.trusted = trusted;
        this.allowedMembers = List.copyOf(allowedMembers);
        this.allowedCoordinators = List.copyOf(allowedCoordinators);
        this.admission = admission;
    }

    /**
     * Those of two key stores.
     *
     * @param own with the key of this node and the certificates that lead from it to one that the others trust
     * @param password of that key
     * @param trusted with the certificates that are trusted, such as that of an authority of one's own
     * @throws GeneralSecurityException when either can't be used
     */
    public static Certificates of(KeyStore own, char[] password, KeyStore trusted) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(Checks.given("own", own), Checks.given("password", password));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(Checks.given("trusted", trusted));
        return of(keys::getKeyManagers, trust::getTrustManagers);
    }

    /**
     * Those that two suppliers give, which may be others each time: each handshake asks them anew. Who has been let in stays in.
     *
     * @param own the key of this node; asked by any thread
     * @param trusted what is trusted; asked by any thread
     */
    public static Certificates of(Supplier<KeyManager[]> own, Supplier<TrustManager[]> trusted) {
        return new Certificates(Checks.given("own", own), Checks.given("trusted", trusted), List.of(), List.of(), null);
    }

    /**
     * The same, and the coordinator admits only members whose certificate has one of these among the DNS names of its subject
     * alternative names. Without any, it admits every certificate that it trusts.
     *
     * @param names such as {@code orders.batch.example}, or {@code *.batch.example} for all with one label more (RFC 9525, 6.3)
     * @throws IllegalArgumentException when one is neither
     */
    public Certificates allowedMembers(String... names) {
        return new Certificates(own, trusted, patterns("allowedMembers", names), allowedCoordinators, admission);
    }

    /**
     * The same, and a member takes only a coordinator whose certificate has one of these names. Without any, it takes every
     * certificate that it trusts: so each node with one can pose as the coordinator to a member that asks it.
     *
     * @param names as for {@link #allowedMembers}
     * @throws IllegalArgumentException when one is no such name
     */
    public Certificates allowedCoordinators(String... names) {
        return new Certificates(own, trusted, allowedMembers, patterns("allowedCoordinators", names), admission);
    }

    private static List<NamePattern> patterns(String what, String... names) {
        return Stream.of(Checks.given(what, names)).map(NamePattern::of).toList();
    }

    /** The same, and the coordinator admits only whom this admits, of those that the names let pass. */
    public Certificates memberAdmission(MemberAdmission admission) {
        return new Certificates(
                own, trusted, allowedMembers, allowedCoordinators, Checks.given("memberAdmission", admission));
    }

    /** The key of this node as it is now, for who runs sessions. */
    public KeyManager[] ownNow() {
        return own.get();
    }

    /** What is trusted now. */
    public TrustManager[] trustedNow() {
        return trusted.get();
    }

    /** See {@link #allowedMembers(String...)}; empty for all. */
    public List<String> allowedMembers() {
        return allowedMembers.stream().map(NamePattern::name).toList();
    }

    /** See {@link #allowedCoordinators(String...)}; empty for all. */
    public List<String> allowedCoordinators() {
        return allowedCoordinators.stream().map(NamePattern::name).toList();
    }

    /** See {@link #memberAdmission(MemberAdmission)}. */
    public Optional<MemberAdmission> memberAdmission() {
        return Optional.ofNullable(admission);
    }

    /** Such as {@code certificates, members *.batch.example}. */
    @Override
    public String toString() {
        return "certificates"
                + (allowedMembers.isEmpty() ? "" : ", members " + String.join(" or ", allowedMembers()))
                + (allowedCoordinators.isEmpty() ? "" : ", coordinators " + String.join(" or ", allowedCoordinators()));
    }
}
