//! Info dictionary and XMP packet, which must agree (ISO 32000-1, 14.3; ISO 16684-1).

use super::document::{Document, PRODUCER};
use super::intent::Standard;
use super::object::text;
use crate::base::Digest;
use crate::base::xml::escaped;

/// The Info dictionary's body.
pub(super) fn info(out: &mut Vec<u8>, document: &Document) {
    out.extend_from_slice(b"<</Title ");
    text(out, document.title());
    out.extend_from_slice(b"/Creator ");
    text(out, PRODUCER);
    out.extend_from_slice(b"/Producer ");
    text(out, PRODUCER);
    if let Some(d) = document.date {
        for key in ["CreationDate", "ModDate"] {
            let date = format!("/{key}(D:{:04}{:02}{:02}000000Z)", d.year(), d.month(), d.day());
            out.extend_from_slice(date.as_bytes());
        }
    }
    if document.standard.is_x4() {
        // ISO 15930-7 asks for it in the XMP packet alone; many readers look here.
        out.extend_from_slice(b"/GTS_PDFXVersion(PDF/X-4)");
    }
    out.extend_from_slice(b"/Trapped/False>>");
}

/// The XMP packet. `id` is the file's identifier.
pub(super) fn xmp(document: &Document, id: &Digest) -> String {
    let date = document.date.map(|d| format!("{:04}-{:02}-{:02}T00:00:00Z", d.year(), d.month(), d.day()));
    let dates = date.as_ref().map_or(String::new(), |date| {
        format!(
            "<xmp:CreateDate>{date}</xmp:CreateDate>\n\
             <xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
             <xmp:MetadataDate>{date}</xmp:MetadataDate>\n"
        )
    });
    let title = escaped(document.title());
    let uuid = uuid(id);
    // the identification that ISO 15930-7 and ISO 16612-2 ask for
    let (mut names, mut standards) = (String::new(), String::new());
    if document.standard.is_x4() {
        names += " xmlns:pdfxid=\"http://www.npes.org/pdfx/ns/id/\"";
        standards += "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n";
    }
    if let (Standard::Vt1, Some(date)) = (document.standard, &date) {
        names += " xmlns:pdfvtid=\"http://www.npes.org/pdfvt/ns/id/\"";
        standards += &format!(
            "<pdfvtid:GTS_PDFVTVersion>PDF/VT-1</pdfvtid:GTS_PDFVTVersion>\n\
             <pdfvtid:GTS_PDFVTModDate>{date}</pdfvtid:GTS_PDFVTModDate>\n"
        );
    }
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\" \
         xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"{names}>\n\
         <dc:format>application/pdf</dc:format>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         {dates}<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>\n\
         <xmpMM:DocumentID>uuid:{uuid}</xmpMM:DocumentID>\n\
         <xmpMM:InstanceID>uuid:{uuid}</xmpMM:InstanceID>\n\
         <xmpMM:VersionID>1</xmpMM:VersionID>\n\
         <xmpMM:RenditionClass>default</xmpMM:RenditionClass>\n\
         <pdf:Producer>{PRODUCER}</pdf:Producer>\n\
         <pdf:Trapped>False</pdf:Trapped>\n\
         {standards}\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// A UUID of version 8 (RFC 9562, 5.8: bits of one's own) from a digest.
pub(super) fn uuid(id: &Digest) -> String {
    let mut b = [0u8; 16];
    b.copy_from_slice(&id.0[..16]);
    b[6] = b[6] & 0x0f | 0x80;
    b[8] = b[8] & 0x3f | 0x80;
    let hex: String = b.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_break_the_packet() {
        assert_eq!(escaped("秋 <&> \u{1}"), "秋 &lt;&amp;&gt;  ");
    }

    #[test]
    fn a_uuid_says_its_version() {
        let uuid = uuid(&Digest([0xff; 32]));
        assert_eq!(uuid, "ffffffff-ffff-8fff-bfff-ffffffffffff");
    }
}
