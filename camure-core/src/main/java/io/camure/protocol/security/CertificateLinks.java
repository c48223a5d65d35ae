package io.camure.protocol.security;

import io.camure.protocol.base.ProtocolCounters;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** Makes the links of nodes that are let in by their certificates. */
record CertificateLinks(SealingCipher cipher, Links links, KeyRing session, KeyLimits limits)
        implements CertificateAdmission.LinkMaker {

    @Override
    public @Nullable Link make(
            CertificateAdmission admitted,
            byte[] ofMember,
            X509Certificate certificate,
            ProtocolCounters counters,
            long nowNanos) {
        if (!links.makeRoom(counters, nowNanos)) {
            return null;
        }
        CertificateTerms terms = new CertificateTerms(admitted.random(), session.terms(links.nextId()));
        int id = terms.terms().link();
        // By what both have said, anybody could make the keys: only what tells the handshake from others is kept.
        ByteBuffer request = ByteBuffer.allocate(Long.BYTES).putLong(0, admitted.number());
        Link link = new Link(
                id,
                admitted.address(),
                new Link.Handshake(request, terms.told(), certificate),
                terms.terms().session().shared(),
                new LinkKeys(cipher, id, terms.split(ofMember, admitted.secret()), limits, nowNanos),
                nowNanos);
        links.addHalfOpen(link);
        return link;
    }
}
