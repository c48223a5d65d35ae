package io.camure.doctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Security;
import io.camure.protocol.base.Format;
import io.camure.test.support.Loopback;
import io.camure.test.support.TestCertificates;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command line where nodes show certificates. */
class CertificateOptionsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @RegisterExtension
    final Loopback loopback = new Loopback();

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path password;

    @BeforeEach
    void writePassword() throws Exception {
        password = Files.writeString(directory.resolve("password"), "changeit\n");
    }

    private int run(StringWriter to, List<String> arguments) {
        return DoctorCommand.commandLine()
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .execute(arguments.toArray(String[]::new));
    }

    private int check(String address, String... options) {
        List<String> arguments = new ArrayList<>(List.of("check", "--transport", "nio", "--name", "clinic"));
        arguments.addAll(List.of(options));
        arguments.add(address);
        return run(out, arguments);
    }

    /** The report, whose lines end somewhere. */
    private String said() {
        return out.toString().replaceAll("\\s+", " ");
    }

    private String coordinator(Security security) {
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().security(security));
        return Format.address(coordinator.address());
    }

    private String coordinator() {
        return coordinator(Security.certificates(TestCertificates.of("coordinator")));
    }

    /** As keytool writes it. */
    private String store(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        try (InputStream stored = TestCertificates.class.getResourceAsStream("/certificates/" + name + ".p12")) {
            Files.write(file, stored.readAllBytes());
        }
        return file.toString();
    }

    private static KeyStore open(String store) throws Exception {
        return KeyStore.getInstance(Path.of(store).toFile(), PASSWORD);
    }

    private static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    /** As openssl writes it. */
    private String certificates(String name) throws Exception {
        KeyStore store = open(store(name));
        String alias = store.aliases().nextElement();
        StringBuilder pem = new StringBuilder("# what stands around the blocks is not read\n");
        Certificate[] chain = store.getCertificateChain(alias);
        for (Certificate each : chain == null ? new Certificate[] {store.getCertificate(alias)} : chain) {
            pem.append(block("CERTIFICATE", each.getEncoded()));
        }
        return pem.toString();
    }

    private String key(String name) throws Exception {
        KeyStore store = open(store(name));
        return block(
                "PRIVATE KEY",
                store.getKey(store.aliases().nextElement(), PASSWORD).getEncoded());
    }

    private String file(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    @Test
    void certificatesComeFromKeyStores() throws Exception {
        int status = check(
                coordinator(),
                "--key-store",
                store("orders"),
                "--trust-store",
                store("trust"),
                "--store-password-file",
                password.toString(),
                "--allowed-coordinator",
                "coordinator.batch.example");

        assertThat(out.toString()).contains("sealed by certificates");
        assertThat(status).isZero();
    }

    @Test
    void orFromPemInOneFileOrTwo() throws Exception {
        String coordinator = coordinator();
        String trusted = file("ca.crt", certificates("trust"));
        String both = file("node.pem", key("orders") + certificates("orders"));
        String chain = file("tls.crt", certificates("orders"));
        String key = file("tls.key", key("orders"));

        assertThat(check(coordinator, "--key-store", both, "--trust-store", trusted))
                .isZero();
        assertThat(check(coordinator, "--key-store", chain, "--private-key", key, "--trust-store", trusted))
                .isZero();
        assertThat(out.toString()).contains("sealed by certificates");
    }

    @Test
    void aSecretMayBeNeededToo() throws Exception {
        byte[] secret = new byte[32];
        String coordinator = coordinator(Security.secret(secret).withCertificates(TestCertificates.of("coordinator")));
        String written = file("secret", Base64.getEncoder().encodeToString(secret));
        String both = file("node.pem", key("orders") + certificates("orders"));
        String trusted = file("ca.crt", certificates("trust"));

        assertThat(check(coordinator, "--key-store", both, "--trust-store", trusted, "--secret-file", written))
                .isZero();
        assertThat(out.toString()).contains("sealed by certificates and secret ");
    }

    @Test
    void whomTheOtherSideDoesNotTrustIsTold() throws Exception {
        String stranger = file("node.pem", key("stranger") + certificates("stranger"));
        String trusted = file("ca.crt", certificates("strangers-trust"));

        assertThat(check(coordinator(), "--key-store", stranger, "--trust-store", trusted))
                .isOne();
        assertThat(said()).contains("the handshake by certificates has failed", "camure.security.ssl-bundle");
    }

    @Test
    void aCoordinatorOfAnotherNameIsTold() throws Exception {
        String both = file("node.pem", key("orders") + certificates("orders"));
        String trusted = file("ca.crt", certificates("trust"));

        assertThat(check(
                        coordinator(),
                        "--key-store",
                        both,
                        "--trust-store",
                        trusted,
                        "--allowed-coordinator",
                        "gate.example"))
                .isOne();
        assertThat(said()).contains("its certificate is for coordinator.batch.example");
    }

    @Test
    void whoHasNoCertificateIsToldOfThem() {
        assertThat(check(coordinator())).isOne();
        assertThat(said()).contains("neither a secret nor certificates", "--key-store and --trust-store");
    }

    @Test
    void aListenerShowsOnesToo() throws Exception {
        String address;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        StringWriter said = new StringWriter();
        List<String> listening = List.of(
                "listen",
                "--bind-address",
                address,
                "--multicast-address",
                Format.address(Loopback.multicast()),
                "--transport",
                "nio",
                "--key-store",
                file("coordinator.pem", key("coordinator") + certificates("coordinator")),
                "--trust-store",
                file("ca.crt", certificates("trust")),
                "--allowed-member",
                "*.batch.example",
                "--seconds",
                "600");
        Thread listener = new Thread(() -> run(said, listening));
        listener.start();
        String own = file("node.pem", key("orders") + certificates("orders"));
        String trusted = file("trusted.crt", certificates("trust"));
        int status = 1;
        for (int i = 0; i < 5 && status != 0; i++) {
            status = check(address, "--key-store", own, "--trust-store", trusted);
        }

        listener.interrupt();
        listener.join();

        assertThat(status).as("%s", out).isZero();
        assertThat(said.toString()).contains("doctor of clinic");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--key-store nowhere --trust-store nowhere",
                "--key-store tls.crt",
                "--trust-store ca.crt",
                "--private-key tls.key",
                "--key-store tls.crt --trust-store ca.crt",
                "--key-store tls.crt --private-key ca.crt --trust-store ca.crt",
                "--key-store garbage --trust-store ca.crt",
                "--key-store node.pem --trust-store tls.key",
                "--key-store node.pem --trust-store ca.crt --allowed-coordinator a*.example",
                "--key-store node.pem --trust-store ca.crt --store-password-file nowhere",
            })
    void whatCannotBeMeantGivesTwo(String options) throws Exception {
        file("tls.crt", certificates("orders"));
        file("tls.key", key("orders"));
        file("node.pem", key("orders") + certificates("orders"));
        file("ca.crt", certificates("trust"));
        file("garbage", "neither");
        String[] resolved = options.replaceAll("(--\\S+(?:store|key|file)) (\\S+)", "$1 " + directory + "/$2")
                .split(" ");

        assertThat(check("127.0.0.1:7400", resolved)).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty().doesNotContain(key("orders").substring(30, 60));
        assertThat(out.toString()).isEmpty();
    }
}
