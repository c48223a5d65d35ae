package io.camure.doctor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.camure.Coordinator;
import io.camure.CoordinatorConfig;
import io.camure.Security;
import io.camure.protocol.base.Format;
import io.camure.test.support.Loopback;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line as it is typed. */
class DoctorCommandTest {

    private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0ISEhISE=";

    @RegisterExtension
    final Loopback loopback = new Loopback();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = DoctorCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        return commandLine.execute(arguments);
    }

    private static String unused() throws Exception {
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        }
    }

    @Test
    void aSessionThatIsWellGivesZero() {
        Coordinator coordinator = loopback.coordinator();
        String address = Format.address(coordinator.address());

        assertThat(run("check", "--transport", "nio", "--name", "clinic", address))
                .isZero();
        assertThat(out.toString())
                .startsWith("clinic, ")
                .containsOnlyOnce("        " + address + "\n")
                .contains(address)
                .contains("green")
                .containsPattern("clinic hears " + address + ": by unicast up to 65507 bytes in \\d+us");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsRedGivesOneAndSaysWhatToDo() throws Exception {
        assertThat(run("check", unused())).isOne();
        assertThat(out.toString()).contains("red").contains("To do:").contains("$ ss -lun");
    }

    @Test
    void jsonHasAllThatTheTextHas() throws Exception {
        String address = Format.address(loopback.coordinator().address());
        int status = run("check", "--json", "--name", "clinic", address, unused());

        JsonNode report = JsonMapper.shared().readTree(out.toString());
        assertThat(status).isOne();
        assertThat(report.get("node").asString()).isEqualTo("clinic");
        assertThat(report.get("status").asString()).isEqualTo("RED");
        assertThat(Duration.between(Instant.parse(report.get("time").asString()), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(report.get("rungs"))
                .filteredOn(rung -> rung.get("name").asString().equals("answers"))
                .extracting(rung -> rung.get("status").asString())
                .containsExactly("GREEN", "RED");
        assertThat(report.get("rungs"))
                .filteredOn(rung -> rung.get("status").asString().equals("RED"))
                .allMatch(rung -> rung.hasNonNull("fix") && rung.hasNonNull("at"));
        assertThat(report.get("matrix"))
                .extracting(hearing -> hearing.get("unicast").asBoolean())
                .containsExactly(true, false);
        assertThat(report.get("matrix").get(0).get("from").asString()).isEqualTo(address);
    }

    /** Programs rely on them, and docs/operations describes them. */
    @Test
    void jsonHasTheFieldsThatAreDocumented() throws Exception {
        run(
                "check",
                "--json",
                "--name",
                "clinic",
                Format.address(loopback.coordinator().address()));
        JsonNode report = JsonMapper.shared().readTree(out.toString());

        assertThat(report.propertyNames()).containsExactly("node", "time", "status", "rungs", "matrix");
        assertThat(report.get("rungs"))
                .allSatisfy(rung -> assertThat(rung.propertyNames())
                        .contains("name", "status", "found")
                        .isSubsetOf("name", "at", "status", "found", "fix", "command"));
        assertThat(report.get("matrix").get(0).propertyNames())
                .containsExactly(
                        "from",
                        "to",
                        "unicast",
                        "multicast",
                        "roundTripMicros",
                        "largestBytes",
                        "largestMulticastBytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check",
                "check nowhere",
                "check :7400",
                "check 10.0.0.1:",
                "check 10.0.0.1:70000",
                "check 10.0.0.1:0",
                "check ::1:7400",
                "check --watch=soon 127.0.0.1:7400",
                "check --receive-buffer -1 127.0.0.1:7400",
                "check --transport pigeon 127.0.0.1:7400",
                "check --secret-file nowhere 127.0.0.1:7400",
                "listen --secret-file nowhere --seconds 1",
                "listen --bind-address 127.0.0.1:0 --multicast-address 10.0.0.1:7401 --seconds 1",
                "listen --chunk-size 100 --seconds 1",
                "cure"
            })
    void whatCannotBeMeantGivesTwo(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aSecretComesFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Security security = Security.secret(Base64.getDecoder().decode(SECRET));
        Coordinator coordinator =
                loopback.coordinator(CoordinatorConfig.builder().security(security));

        assertThat(run("check", "--secret-file", file.toString(), Format.address(coordinator.address())))
                .isZero();
        assertThat(out.toString())
                .contains("sealed by secret " + security.fingerprints().get(0))
                .doesNotContain(SECRET);
    }

    @Test
    void aSecretInPlaceOfAFileIsNotShown() {
        assertThat(run("check", "--secret-file", SECRET, "127.0.0.1:7400")).isEqualTo(2);
        assertThat(err.toString()).contains("not the secret").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "AAAA", "bm8gc2VjcmV0", "not!base64"})
    void whatIsNoSecretIsNotShown(String written, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), SECRET + "\n" + written + "\n");

        assertThat(run("check", "--secret-file", file.toString(), "127.0.0.1:7400"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("openssl rand -base64 32").doesNotContain(written);
    }

    @Test
    void theEnvironmentHasASecretWhereNoFileIsNamed() {
        CommandSpec command = new CommandLine(CommandSpec.create()).getCommandSpec();

        assertThat(SecretSource.read(null, SECRET + "\n", command))
                .hasValueSatisfying(security -> assertThat(security.secrets()).hasSize(1));
        assertThat(SecretSource.read(null, "", command)).isEmpty();
        assertThat(SecretSource.read(null, null, command)).isEmpty();
    }

    @Test
    void aListenerSaysWhereItListensAndEndsByItself() {
        assertThat(run(
                        "listen",
                        "--bind-address",
                        "127.0.0.1:0",
                        "--multicast-address",
                        "239.255.74.0:7411",
                        "--transport",
                        "nio",
                        "--seconds",
                        "0"))
                .isZero();
        assertThat(out.toString()).startsWith("listening at 127.0.0.1:").contains("239.255.74.0:7411");
    }

    @Test
    void aListenerThatCannotBindGivesOne() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThat(run("listen", "--transport", "nio", "--bind-address", "127.0.0.1:" + taken.getLocalPort()))
                    .isOne();
        }
        assertThat(err.toString()).isNotEmpty();
    }

    @Test
    void helpNamesBothCommands() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("check").contains("listen");
    }
}
