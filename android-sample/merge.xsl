<?xml version="1.0" encoding="UTF-8"?>
<!-- Merges the library's manifest into the app's, as Android's build does it: what the app asks for, then what the library does. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:param name="library" />
  <xsl:param name="package" />
  <xsl:variable name="theirs" select="document($library)/manifest" />

  <xsl:template match="/manifest">
    <manifest package="{$package}">
      <xsl:copy-of select="@*" />
      <xsl:copy-of select="*[not(self::application)]" />
      <xsl:copy-of select="$theirs/*[not(self::application or self::uses-sdk)]" />
      <application>
        <xsl:copy-of select="application/@*" />
        <xsl:copy-of select="application/*" />
        <xsl:copy-of select="$theirs/application/*" />
      </application>
    </manifest>
  </xsl:template>
</xsl:stylesheet>
