package io.camure.spring.boot.autoconfigure.doctor;

import io.camure.doctor.Report;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor has found in this application.
 *
 * @param time when
 */
public record DoctorDescriptor(Instant time, List<SessionReport> sessions) {

    /**
     * What it has found of one session.
     *
     * @param session as in {@code camure.sessions}, or {@code default}
     * @param report {@code null} when it could not be examined
     * @param failure why not; else {@code null}
     */
    public record SessionReport(
            String session,
            @Nullable Report report,
            @Nullable String failure) {}
}
