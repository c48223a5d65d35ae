package io.camure.spring.boot.autoconfigure;

import io.camure.Certificates;
import io.camure.MemberAdmission;
import io.camure.Security;
import io.camure.spring.CamureConfigurationException;
import io.camure.spring.boot.autoconfigure.CamureProperties.SecurityMode;
import io.camure.spring.boot.autoconfigure.CamureProperties.SessionSecurity;
import io.camure.spring.session.MemberDefinition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.util.StringUtils;

/**
 * What seals a session: its properties, and the beans that they need or that take their place.
 *
 * @param security takes the place of all properties and connection details
 * @param bundles where {@code ssl-bundle} is found
 * @param admission decides about members by their certificates
 */
record SessionSealing(
        ObjectProvider<Security> security,
        ObjectProvider<SslBundles> bundles,
        ObjectProvider<MemberAdmission> admission) {

    private static final Logger log = LoggerFactory.getLogger(SessionSealing.class);

    /**
     * What the properties and the connection details say.
     *
     * @param prefix where the session's properties are, such as {@code camure.}
     * @param supplied by the connection details
     * @return empty for a session in clear
     * @throws CamureConfigurationException when the properties contradict each other, or there is no such bundle
     */
    Optional<Security> of(String prefix, SessionSecurity properties, @Nullable Security supplied) {
        // What is malformed is refused though something else takes its place.
        Optional<Security> bySecrets = SessionSecrets.of(prefix, properties);
        Security bean = security.getIfAvailable();
        if (bean != null) {
            return Optional.of(bean);
        }
        return supplied != null ? Optional.of(supplied) : ofProperties(prefix + "security.", bySecrets, properties);
    }

    private Optional<Security> ofProperties(String path, Optional<Security> bySecrets, SessionSecurity properties) {
        String bundle = properties.sslBundle();
        if (!StringUtils.hasText(bundle)) {
            refuseUnused(path + "allowed-members", properties.allowedMembers(), path);
            refuseUnused(path + "allowed-coordinators", properties.allowedCoordinators(), path);
            return bySecrets;
        }
        if (properties.mode() == SecurityMode.NONE) {
            throw new CamureConfigurationException(
                    path + "ssl-bundle is " + bundle + ", but " + path
                            + "mode is none, so that the session would be in clear.",
                    "Set " + path + "mode to required, or remove " + path + "ssl-bundle.");
        }
        Certificates certificates = certificates(path, bundle.strip(), properties);
        return Optional.of(bySecrets
                .map(secrets -> secrets.withCertificates(certificates))
                .orElseGet(() -> Security.certificates(certificates).cipher(properties.cipher())));
    }

    /** A member that names no coordinator takes any node of the same authority for it. */
    static void warnOfAnyCoordinator(MemberDefinition member, Optional<Security> security) {
        if (security.flatMap(Security::certificates)
                .filter(certificates -> certificates.allowedCoordinators().isEmpty())
                .isPresent()) {
            log.warn(
                    "{}: takes any node whose certificate it trusts for the coordinator, other members too. Set"
                            + " {}security.allowed-coordinators to the coordinator's DNS names.",
                    member.name(),
                    member.prefix());
        }
    }

    /** Names that nobody compares would let in everybody. */
    private static void refuseUnused(String property, List<String> names, String path) {
        if (!names.isEmpty()) {
            throw new CamureConfigurationException(
                    property + " is set, but there is no " + path + "ssl-bundle, so that nodes show no certificates.",
                    "Set " + path + "ssl-bundle to the name of an SSL bundle, or remove " + property + ".");
        }
    }

    private Certificates certificates(String path, String bundle, SessionSecurity properties) {
        ReloadedBundle current = new ReloadedBundle(find(path, bundle));
        bundles.getObject().addBundleUpdateHandler(bundle, current::replace);
        Certificates certificates = Certificates.of(
                () -> current.managers().getKeyManagers(),
                () -> current.managers().getTrustManagers());
        certificates = named(path + "allowed-members", properties.allowedMembers(), certificates::allowedMembers);
        certificates = named(
                path + "allowed-coordinators", properties.allowedCoordinators(), certificates::allowedCoordinators);
        MemberAdmission decides = admission.getIfAvailable();
        return decides == null ? certificates : certificates.memberAdmission(decides);
    }

    private SslBundle find(String path, String bundle) {
        SslBundles available = bundles.getIfAvailable();
        try {
            if (available != null) {
                return available.getBundle(bundle);
            }
        } catch (NoSuchSslBundleException e) {
            // Said below.
        }
        throw new CamureConfigurationException(
                path + "ssl-bundle is " + bundle + ", but there is no SSL bundle of this name.",
                "Define it by spring.ssl.bundle.pem." + bundle + ".* or spring.ssl.bundle.jks." + bundle + ".*, or set "
                        + path + "ssl-bundle to the name of one that there is.");
    }

    private static Certificates named(String property, List<String> names, Named named) {
        try {
            return named.by(names.toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            throw new CamureConfigurationException(
                    property + ": " + e.getMessage() + ".", "Write DNS names as they stand in certificates.");
        }
    }

    /** What a bundle has now. */
    private static final class ReloadedBundle {

        private volatile SslBundle bundle;

        ReloadedBundle(SslBundle bundle) {
            this.bundle = bundle;
        }

        void replace(SslBundle reloaded) {
            bundle = reloaded;
        }

        SslManagerBundle managers() {
            return bundle.getManagers();
        }
    }

    @FunctionalInterface
    private interface Named {

        Certificates by(String... names);
    }
}
