package io.camure.doctor.cli;

import io.camure.Security;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where secrets come from: a file, the standard input or the environment. There is no option that takes a secret itself, since all
 * users of a machine can read the arguments of its processes.
 */
final class SecretSource {

    static final String VARIABLE = "CAMURE_SECRET";

    private static final String STANDARD_INPUT = "-";

    private SecretSource() {}

    /**
     * @param file what the option says, or {@code null} without it
     * @param variable what the environment says, or {@code null}
     * @throws ParameterException when that is no secret
     */
    static Optional<Security> read(@Nullable String file, @Nullable String variable, CommandSpec command) {
        List<String> written;
        String where;
        if (file != null) {
            where = file.equals(STANDARD_INPUT) ? "the standard input" : file;
            written = lines(file, command);
        } else if (variable != null && !variable.isBlank()) {
            where = VARIABLE;
            written = List.of(variable.strip());
        } else {
            return Optional.empty();
        }
        List<byte[]> secrets = new ArrayList<>();
        for (String each : written) {
            secrets.add(decode(where, each, command));
        }
        Security security = Security.secret(secrets.get(0));
        for (byte[] other : secrets.subList(1, secrets.size())) {
            security = security.acceptAlso(other);
        }
        return Optional.of(security);
    }

    private static List<String> lines(String file, CommandSpec command) {
        String text;
        try {
            text = file.equals(STANDARD_INPUT)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            // What was written in place of a name may be the secret itself.
            throw new ParameterException(
                    command.commandLine(),
                    "--secret-file: "
                            + (e instanceof NoSuchFileException ? "there is no such file" : "it can't be read")
                            + ". It takes the name of a file, not the secret: all users of a machine see the arguments of its"
                            + " processes");
        }
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (lines.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--secret-file: there is nothing in it");
        }
        return lines;
    }

    /** An error names where the secret is, and never what is written there. */
    private static byte[] decode(String where, String written, CommandSpec command) {
        try {
            byte[] secret = Base64.getDecoder().decode(written);
            Security.secret(secret);
            return secret;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(),
                    where
                            + " has no secret in it, which is Base64 of at least 16 bytes, as 'openssl rand -base64 32' prints it");
        }
    }
}
