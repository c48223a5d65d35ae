package io.camure.doctor.cli;

import io.camure.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What the node that is examined shows, and what it trusts, where the nodes of its session show certificates. */
final class CertificateOptions {

    static final String VARIABLE = "CAMURE_STORE_PASSWORD";

    /** What Java's own stores have. */
    private static final String USUAL = "changeit";

    @Option(
            names = "--key-store",
            paramLabel = "FILE",
            description = {
                "what the SSL bundle camure.security.ssl-bundle has of this node: its key and certificates, as PEM or in a key store such"
                        + " as one of PKCS#12"
            })
    @Nullable
    Path keyStore;

    @Option(
            names = "--private-key",
            paramLabel = "FILE",
            description = "the key, as PEM, if it is not in the file of --key-store")
    @Nullable
    Path privateKey;

    @Option(
            names = "--trust-store",
            paramLabel = "FILE",
            description = "what the bundle trusts: certificates of authorities, as PEM or in a key store")
    @Nullable
    Path trustStore;

    @Option(
            names = "--store-password-file",
            paramLabel = "FILE",
            description =
                    "the password of key stores (default: the environment variable " + VARIABLE + ", or " + USUAL + ")")
    @Nullable
    Path passwordFile;

    /**
     * What the options say.
     *
     * @return empty where they are not given
     * @throws ParameterException when something is missing or can't be read
     */
    Optional<Certificates> read(CommandSpec command) {
        Path own = keyStore;
        Path trusted = trustStore;
        if (own == null && trusted == null && privateKey == null) {
            return Optional.empty();
        } else if (own == null || trusted == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "--key-store and --trust-store go together: nodes show certificates to each other");
        }
        try {
            char[] password = password();
            return Optional.of(Certificates.of(
                    CertificateFiles.own(own, privateKey, password),
                    password,
                    CertificateFiles.trusted(trusted, password)));
        } catch (NoSuchFileException e) {
            throw new ParameterException(command.commandLine(), "there is no file " + e.getMessage());
        } catch (IOException | GeneralSecurityException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private char[] password() throws IOException {
        Path file = passwordFile;
        String variable = System.getenv(VARIABLE);
        String password = file == null ? variable : Files.readString(file, StandardCharsets.UTF_8);
        return password == null || password.isBlank()
                ? USUAL.toCharArray()
                : password.strip().toCharArray();
    }
}
