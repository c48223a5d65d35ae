package io.camure.node.session;

import io.camure.AdmissionRequest;
import io.camure.Certificates;
import io.camure.MemberAdmission;
import io.camure.protocol.security.Credentials;
import io.camure.protocol.security.NamePattern;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a node has configured of certificates, as handshakes use it. */
record CertificateCredentials(Certificates certificates, boolean atMember) implements Credentials {

    @Override
    public SSLContext newContext() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(PROTOCOL);
        context.init(certificates.ownNow(), certificates.trustedNow(), null);
        return context;
    }

    @Override
    public @Nullable String refusal(X509Certificate certificate, InetSocketAddress address, @Nullable String group) {
        List<String> names = NamePattern.namesOf(certificate);
        List<String> allowed = atMember ? certificates.allowedCoordinators() : certificates.allowedMembers();
        if (!allowed.isEmpty()
                && allowed.stream()
                        .map(NamePattern::of)
                        .noneMatch(each -> names.stream().anyMatch(each::matches))) {
            return "its certificate is for " + (names.isEmpty() ? "no DNS name" : String.join(" and ", names))
                    + ", and "
                    + (atMember
                            ? "allowed-coordinators (camure.security.allowed-coordinators)"
                            : "allowed-members (camure.security.allowed-members)")
                    + " has " + String.join(" and ", allowed);
        }
        MemberAdmission admission =
                atMember ? null : certificates.memberAdmission().orElse(null);
        boolean admitted = admission == null
                || admission.admits(new AdmissionRequest(
                        certificate.getSubjectX500Principal(), names, address, Optional.ofNullable(group)));
        return admitted
                ? null
                : "the MemberAdmission does not admit it to " + (group == null ? "the session" : "group " + group);
    }

    @Override
    public boolean decidesGroups() {
        return certificates.memberAdmission().isPresent();
    }
}
