import java.io.File;
import java.io.FileInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Reads PDFs for tests: {@code CheckPdf FILE...} prints for each file a line {@code file NAME}, a line {@code breach ...} for each rule of
 * PDF/UA-1 that it breaks, and its text in the order of its content, a line {@code text ...} each.
 */
public final class CheckPdf {
  public static void main(String[] files) throws Exception {
    Logger.getLogger("").setLevel(Level.OFF);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      out.println("file " + new File(file).getName());
      validate(file, out);
      for (String line : textOf(file).split("\n")) out.println("text " + line);
    }
    out.flush();
  }

  private static void validate(String file, PrintStream out) throws Exception {
    PDFAFlavour flavour = PDFAFlavour.PDFUA_1;
    try (FileInputStream input = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(input, flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      for (TestAssertion breach : result.getTestAssertions()) {
        if (breach.getStatus() != TestAssertion.Status.FAILED) continue;
        String place = breach.getRuleId().getClause() + " " + breach.getRuleId().getTestNumber();
        String said = place + ": " + breach.getMessage() + " at " + breach.getLocation().getContext();
        out.println("breach " + said.replace('\n', ' '));
      }
      if (!result.isCompliant()) out.println("breach Not PDF/UA-1");
    }
  }

  private static String textOf(String file) throws Exception {
    try (PDDocument document = Loader.loadPDF(new File(file))) {
      PDFTextStripper stripper = new PDFTextStripper();
      stripper.setLineSeparator("\n");
      return stripper.getText(document);
    }
  }
}
