//! Pictures as the crate's external objects: its own image type would decode JPEG files and write them anew.

use std::collections::BTreeMap;

use ::printpdf::{DictItem, ExternalStream, ExternalXObject};

use crate::asset::image::PdfImage;

/// A picture as an image object (ISO 32000-1, 8.9.5); the crate makes soft mask and profile objects of their own.
pub(super) fn object(picture: PdfImage) -> ExternalXObject {
    let stream = match picture {
        PdfImage::Jpeg { bytes, width, height, components, inverted_cmyk, icc } => {
            let mut dict = head(width, height, space(components, icc));
            dict.insert("Filter".to_owned(), name("DCTDecode"));
            if inverted_cmyk {
                let turned = [1, 0].repeat(usize::from(components)).into_iter().map(DictItem::Int).collect();
                dict.insert("Decode".to_owned(), DictItem::Array(turned));
            }
            ExternalStream { dict, content: bytes, compress: false }
        }
        PdfImage::Raster { width, height, components, pixels, alpha, icc } => {
            let mut dict = head(width, height, space(components, icc));
            if let Some(content) = alpha {
                let stream = ExternalStream { dict: head(width, height, space(1, None)), content, compress: true };
                dict.insert("SMask".to_owned(), DictItem::Stream { stream });
            }
            ExternalStream { dict, content: pixels, compress: true }
        }
    };
    ExternalXObject { stream, width: None, height: None, dpi: None }
}

fn name(text: &str) -> DictItem {
    DictItem::Name(text.as_bytes().to_vec())
}

fn head(width: u32, height: u32, space: DictItem) -> BTreeMap<String, DictItem> {
    [
        ("Type", name("XObject")),
        ("Subtype", name("Image")),
        ("Width", DictItem::Int(width.into())),
        ("Height", DictItem::Int(height.into())),
        ("BitsPerComponent", DictItem::Int(8)),
        ("ColorSpace", space),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn space(components: u8, icc: Option<Vec<u8>>) -> DictItem {
    if let Some(content) = icc {
        let dict = BTreeMap::from([("N".to_owned(), DictItem::Int(components.into()))]);
        let stream = ExternalStream { dict, content, compress: true };
        return DictItem::Array(vec![name("ICCBased"), DictItem::Stream { stream }]);
    }
    name(match components {
        1 => "DeviceGray",
        4 => "DeviceCMYK",
        _ => "DeviceRGB",
    })
}
