package io.camure.faults.network;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs only where network namespaces can be made and their packets be filtered: on Linux, by root, with iproute2. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsNamespaces.Condition.class)
public @interface NeedsNamespaces {

    /** Tries it once. */
    final class Condition implements ExecutionCondition {

        private static final ConditionEvaluationResult RESULT = evaluate();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return RESULT;
        }

        private static ConditionEvaluationResult evaluate() {
            try (Namespaces namespaces = Namespaces.of(1)) {
                namespaces.dropArriving(0, PacketFilter.ofData(0.5));
                namespaces.droppedArriving(0);
                return ConditionEvaluationResult.enabled("network namespaces and packet filters work");
            } catch (IOException e) {
                return ConditionEvaluationResult.disabled(
                        "no network namespaces with packet filters here (root, iproute2): " + e.getMessage());
            }
        }
    }
}
